"""The release: its tag is the version of all parts, and the image that it pushes is the one that the chart takes."""

import pathlib
import re
import unittest

import yaml

TOP = pathlib.Path(__file__).parent.parent.parent
WORKFLOW = TOP / ".github" / "workflows" / "release.yml"
CHART = TOP / "deploy" / "helm" / "restow"
ACTION = TOP / ".github" / "actions" / "push" / "action.yml"


def read(path):
    return yaml.safe_load(path.read_text())


class Release(unittest.TestCase):
    def test_versions_agree(self):
        [version] = re.findall(r'^version = "(.*)"$', (TOP / "Cargo.toml").read_text(), re.M)
        self.assertEqual(read(CHART / "Chart.yaml")["appVersion"], version)
        self.assertEqual(read(ACTION)["inputs"]["version"]["default"], f"v{version}")

    def test_tag_is_compared_with_every_version(self):
        [version] = re.findall(r'^version = "(.*)"$', (TOP / "Cargo.toml").read_text(), re.M)
        checks = [step["run"] for step in read(WORKFLOW)["jobs"]["build"]["steps"] if "grep" in step.get("run", "")]
        compared = {}
        for check in checks:
            pattern, file = re.fullmatch(r'grep --fixed-strings --line-regexp "(.*)" (\S+)', check.strip()).groups()
            compared[file] = pattern.replace('\\"', '"').replace("${TAG#v}", version).replace("$TAG", f"v{version}")
        expected = {str(path.relative_to(TOP)) for path in (TOP / "Cargo.toml", CHART / "Chart.yaml", ACTION)}
        self.assertEqual(set(compared), expected)
        for file, line in compared.items():
            self.assertIn(line, (TOP / file).read_text().splitlines())

    def test_image_is_that_of_the_chart(self):
        workflow = read(WORKFLOW)
        self.assertEqual(workflow["env"]["IMAGE"], read(CHART / "values.yaml")["image"]["repository"])
        jobs = workflow["jobs"]
        self.assertIn("index", jobs["publish"]["needs"])
        self.assertEqual(jobs["index"]["needs"], "image")
        for name in ("image", "index"):
            self.assertEqual(jobs[name]["permissions"]["packages"], "write")
        platforms = [entry["platform"] for entry in jobs["image"]["strategy"]["matrix"]["include"]]
        [join] = [step["run"] for step in jobs["index"]["steps"] if step.get("id") == "join"]
        for platform in platforms:
            self.assertIn(f'"$image-{platform}"', join)


if __name__ == "__main__":
    unittest.main()
