"""The image: its description is linted, its last stage is built from a local file system, and it runs unprivileged on a
root file system that cannot be written.

The first stage needs images of registries; instead of it, the server that is there already is taken. Environment: HADOLINT and
BUILDAH, the paths of both programs, RESTOW_SERVER, and RUNTIME, a directory with a C library. Needs root.
"""

import contextlib
import json
import os
import pathlib
import re
import shlex
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request

TOP = pathlib.Path(__file__).parent.parent.parent
CONTAINERFILE = TOP / "deploy" / "Containerfile"
GUIDE = TOP / "docs" / "src" / "content" / "docs" / "running" / "containers.mdx"
DATA = "var/lib/restow"
# The root file system becomes read-only in a mount namespace of its own, as with `podman run --read-only`.
RUN = """
set -e
mount --bind "$ROOT" "$ROOT"
mount --bind "$VOLUME" "$ROOT/var/lib/restow"
mount -o remount,bind,ro "$ROOT"
cd /
exec env --ignore-environment $VARIABLES chroot --userspec="$USER_ID" "$ROOT" "$@"
"""


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def documented(option):
    """The values of an option of `podman run` in the guide."""
    [command] = re.findall(r"^podman run (?:.*\\\n)*.*$", GUIDE.read_text(), re.M)
    words = shlex.split(command.replace("\\\n", " "))
    return [value for name, value in zip(words, words[1:]) if name == option]


def request(url, body=None, token=None, method=None):
    headers = {"Content-Type": "application/json"}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    sent = urllib.request.Request(url, body, headers, method=method)
    with urllib.request.urlopen(sent, timeout=60) as response:
        return response.read()


class Description(unittest.TestCase):
    def test_linter_finds_nothing(self):
        subprocess.run([os.environ["HADOLINT"], "--failure-threshold", "info", CONTAINERFILE], check=True)

    def test_sources_are_not_ignored(self):
        ignored = (TOP / "deploy" / ".containerignore").read_text().splitlines()
        members = (TOP / "Cargo.toml").read_text().split("members = [")[1].split("]")[0]
        for member in {name.strip(' "').split("/")[0] for name in members.split(",")}:
            self.assertIn(f"!{member}", ignored)


@unittest.skipUnless(os.geteuid() == 0 and os.environ.get("BUILDAH"), "needs root and buildah")
class Image(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = pathlib.Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.directory)
        (cls.directory / "policy.json").write_text('{"default": [{"type": "insecureAcceptAnything"}]}')
        built = cls.directory / "built"
        (built / "data").mkdir(parents=True)
        program = built / "out" / "usr" / "local" / "bin" / "restow-server"
        program.parent.mkdir(parents=True)
        shutil.copy(os.environ["RESTOW_SERVER"], program)
        runtime = cls.directory / "runtime.Containerfile"
        runtime.write_text("FROM scratch\nCOPY . /\n")
        cls.build("--file", runtime, "--tag", "runtime", os.environ["RUNTIME"])
        cls.build(
            *("--file", CONTAINERFILE, "--ignorefile", TOP / "deploy" / ".containerignore"),
            *("--build-arg", "RUNTIME=localhost/runtime", "--build-arg", "BUILDER=scratch"),
            *("--build-arg", "VERSION=1.2.3", "--build-context", f"build={built}", "--tag", "restow", TOP),
        )
        container = cls.buildah("from", "--pull-never", "localhost/restow").strip()
        cls.root = pathlib.Path(cls.buildah("mount", container).strip())
        cls.config = json.loads(cls.buildah("inspect", "--type", "image", "restow"))["OCIv1"]["config"]

    @classmethod
    def buildah(cls, *arguments):
        directory = cls.directory
        places = ["--root", directory / "storage", "--runroot", directory / "run", "--storage-driver", "vfs"]
        command = [os.environ["BUILDAH"], *places, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    @classmethod
    def build(cls, *arguments):
        policy = cls.directory / "policy.json"
        cls.buildah("build", "--isolation", "chroot", "--signature-policy", policy, *arguments)

    def test_image_is_labelled(self):
        labels = self.config["Labels"]
        self.assertEqual(labels["org.opencontainers.image.version"], "1.2.3")
        for name in ("title", "source", "licenses", "revision"):
            self.assertTrue(labels[f"org.opencontainers.image.{name}"])

    def volume(self, name):
        volume = self.directory / name
        volume.mkdir(mode=0o700)
        os.chown(volume, 65532, 65532)
        return volume

    def start(self, volume, variables, *arguments, **options):
        """Starts the program as a container would."""
        environment = {
            **os.environ,
            "ROOT": str(self.root),
            "VOLUME": str(volume),
            "VARIABLES": " ".join(variables),
            "USER_ID": self.config["User"],
        }
        command = ["unshare", "--mount", "sh", "-c", RUN, "sh", *self.config["Entrypoint"], *arguments]
        return subprocess.Popen(command, env=environment, **options)

    @contextlib.contextmanager
    def serving(self, volume, variables, port):
        """A server that is ready, which ends well."""
        log = self.directory / f"{volume.name}.log"
        with log.open("w") as output:
            process = self.start(volume, variables, *self.config["Cmd"], stdout=output, stderr=output)
        try:
            self.assertEqual(self.wait(process, f"http://127.0.0.1:{port}/readyz", log), 200)
            yield process
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(timeout=30), 0)
        finally:
            process.kill()
            process.wait()

    def variables(self, *more):
        return [variable for variable in self.config["Env"] if "=" in variable] + ["RESTOW_DRAIN=0s", *more]

    def test_image_runs_unprivileged_and_read_only(self):
        data = self.root / DATA
        self.assertEqual(data.stat().st_uid, 65532)
        self.assertEqual(self.config["User"], "65532:65532")
        port, volume = free_port(), self.volume("volume")
        variables = self.variables("RESTOW_EMBEDDED_S3_LISTEN=127.0.0.1:0")
        variables = [variable.replace("0.0.0.0:8080", f"127.0.0.1:{port}") for variable in variables]
        with self.serving(volume, variables, port) as process:
            status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
            self.assertIn("Uid:\t65532\t65532", status)
            mounts = pathlib.Path(f"/proc/{process.pid}/mountinfo").read_text().splitlines()
            roots = [line.split()[5] for line in mounts if line.split()[4] == "/"]
            self.assertIn("ro", roots[-1].split(","))
            self.assertTrue((volume / "restow.sqlite").exists())

    def test_documented_container_accepts_uploads(self):
        published = [value.split(":")[-1] for value in documented("--publish")]
        self.assertEqual(published, ["8080", "8081"])
        ports, volume = {name: free_port() for name in published}, self.volume("documented")
        variables = self.variables(*documented("--env"))
        for name, port in ports.items():
            variables = [re.sub(f":{name}$", f":{port}", variable) for variable in variables]
        api = f"http://127.0.0.1:{ports['8080']}/api/datasets"
        with self.serving(volume, variables, ports["8080"]):
            created = self.start(
                volume, variables, "token", "create", "--principal", "alice", stdout=subprocess.PIPE, text=True
            )
            token = created.communicate(timeout=60)[0].strip()
            self.assertEqual(created.returncode, 0)
            dataset = json.loads(request(api, b'{"name": "weather"}', token))["id"]
            content = b"a,b\n1,2\n"
            file = json.dumps({"filename": "a.csv", "file_size": len(content)}).encode()
            job = json.loads(request(f"{api}/{dataset}/reupload/presigned", file, token))
            [url] = job["urls"]
            self.assertTrue(url.startswith(f"http://127.0.0.1:{ports['8081']}/"), url)
            request(url, content, method="PUT")
            completed = request(f"{api}/{dataset}/reupload/presigned/{job['job_id']}/complete", b"{}", token)
            self.assertEqual(json.loads(completed)["job_id"], job["job_id"])

    def wait(self, process, url, log):
        deadline = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(url, timeout=10) as response:
                    return response.status
            except urllib.error.URLError:
                self.assertIsNone(process.poll(), log.read_text())
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.05)


if __name__ == "__main__":
    unittest.main()
