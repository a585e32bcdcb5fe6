"""The chart: what it renders, which values it refuses, and that the server runs with what it is given.

Environment: HELM and RESTOW_SERVER, the paths of both programs.
"""

import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request

import kubernetes_validate
import yaml

DEPLOY = pathlib.Path(__file__).parent.parent
CHART = DEPLOY / "helm" / "restow"
KUBERNETES = ["1.29", "1.37"]
BUCKET = {"s3": {"bucket": "my-bucket"}}
EVERYTHING = {
    "image": {"digest": "sha256:" + "0" * 64},
    "imagePullSecrets": [{"name": "registry"}],
    "s3": {
        "bucket": "my-bucket",
        "endpoint": "http://127.0.0.1:9",
        "publicEndpoint": "https://s3.example",
        "addressing": "path",
        "prefix": "team/",
        "existingSecret": "s3",
        "uploadSecret": "s3-upload",
    },
    "config": {"max-parts": 9000, "allowed-extensions": ["csv", "tsv"], "quota": "5TiB", "log-format": "json"},
    "server": {"tlsSecret": "tls", "autoscaling": {"enabled": True}},
    "reaper": {"schedule": "*/5 * * * *"},
    "migration": {"existingSecret": "owner"},
    "ingress": {"enabled": True, "host": "restow.example", "tlsSecret": "tls", "className": "nginx"},
    "networkPolicy": {"enabled": True, "egress": [{"to": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}]},
    "podMonitor": {"enabled": True, "labels": {"release": "prometheus"}},
    "serviceAccount": {"annotations": {"eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/restow"}},
    "extraEnv": [{"name": "OTEL_SERVICE_NAME", "value": "restow"}],
    "extraVolumes": [{"name": "issuers", "configMap": {"name": "issuers"}}],
    "extraVolumeMounts": [{"name": "issuers", "mountPath": "/etc/restow-issuers", "readOnly": True}],
    "podLabels": {"team": "data"},
    "podAnnotations": {"a": "b"},
    "nodeSelector": {"disk": "ssd"},
    "tolerations": [{"key": "a", "operator": "Exists"}],
    "affinity": {"nodeAffinity": {}},
}
GOOD = {"least": BUCKET, "everything": EVERYTHING, "no workers": {**BUCKET, "worker": {"enabled": False}}}
BAD = {
    "no bucket": ({}, "/s3/bucket"),
    "unknown key": ({**BUCKET, "servers": {}}, "servers"),
    "misspelt key": ({**BUCKET, "server": {"replica": 3}}, "replica"),
    "no replicas": ({**BUCKET, "server": {"replicas": 0}}, "replicas"),
    "secret among the options": ({**BUCKET, "config": {"database-url": "postgres://a:b@c/d"}}, "database-url"),
    "key among the options": ({**BUCKET, "config": {"s3-upload-secret-key": "x"}}, "s3-upload-secret-key"),
    "option that the chart sets": ({**BUCKET, "config": {"listen": ":1"}}, "listen"),
    "metrics where no monitor looks": ({**BUCKET, "config": {"metrics-listen": ":9100"}}, "metrics-listen"),
    "second configuration": ({**BUCKET, "config": {"config": "/etc/other.toml"}}, "config"),
    "embedded S3": ({**BUCKET, "config": {"embedded-s3-listen": ":8081"}}, "embedded-s3-listen"),
    "variable that the chart sets": ({**BUCKET, "extraEnv": [{"name": "RESTOW_LISTEN", "value": ":1"}]}, "extraEnv"),
    "volume of the chart": ({**BUCKET, "extraVolumes": [{"name": "config"}]}, "extraVolumes"),
    "mount without path": ({**BUCKET, "extraVolumeMounts": [{"name": "ca"}]}, "mountPath"),
    "no host": ({**BUCKET, "ingress": {"enabled": True}}, "host"),
    "shorter than a shutdown": ({**BUCKET, "terminationGracePeriodSeconds": 10}, "terminationGracePeriodSeconds"),
    "odd digest": ({**BUCKET, "image": {"digest": "latest"}}, "digest"),
    "odd schedule": ({**BUCKET, "reaper": {"schedule": "often"}}, "schedule"),
}


def helm(command, values):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(values, file)
        file.flush()
        arguments = [os.environ["HELM"], *command, "--values", file.name]
        return subprocess.run(arguments, capture_output=True, text=True, check=False)


def render(values):
    rendered = helm(["template", "release", str(CHART), "--namespace", "data"], values)
    assert rendered.returncode == 0, rendered.stderr
    return [manifest for manifest in yaml.safe_load_all(rendered.stdout) if manifest]


def named(manifests, kind, suffix=""):
    found = [m for m in manifests if m["kind"] == kind and m["metadata"]["name"] == f"release-restow{suffix}"]
    assert len(found) == 1, (kind, suffix, found)
    return found[0]


def template(manifest):
    spec = manifest["spec"]
    return (spec["jobTemplate"]["spec"] if manifest["kind"] == "CronJob" else spec)["template"]


def pods(manifests):
    return [(m["metadata"]["name"], template(m)) for m in manifests if m["kind"] in ("Deployment", "Job", "CronJob")]


class Rendering(unittest.TestCase):
    def test_manifests_are_valid(self):
        for name, values in GOOD.items():
            for manifest in render(values):
                if manifest["kind"] == "PodMonitor":
                    continue
                for version in KUBERNETES:
                    with self.subTest(name, kind=manifest["kind"], version=version):
                        kubernetes_validate.validate(manifest, version, strict=True)
            self.assertEqual(helm(["lint", str(CHART), "--strict"], values).returncode, 0)

    def test_bad_values_are_refused(self):
        for name, (values, words) in BAD.items():
            with self.subTest(name):
                refused = helm(["template", "release", str(CHART)], values)
                self.assertNotEqual(refused.returncode, 0)
                self.assertIn(words, refused.stderr)

    def test_every_value_is_described(self):
        schema = json.loads((CHART / "values.schema.json").read_text())

        def check(values, schema, path):
            for key, value in values.items():
                self.assertIn(key, schema.get("properties", {}), path)
                inner = schema["properties"][key]
                if isinstance(value, dict) and inner.get("additionalProperties") is False:
                    check(value, inner, f"{path}.{key}")

        check(yaml.safe_load((CHART / "values.yaml").read_text()), schema, "")

    def test_pods_have_no_privileges(self):
        for name, values in GOOD.items():
            for pod_name, pod in pods(render(values)):
                with self.subTest(name, pod=pod_name):
                    spec = pod["spec"]
                    self.assertIs(spec["automountServiceAccountToken"], False)
                    self.assertIs(spec["securityContext"]["runAsNonRoot"], True)
                    self.assertEqual(spec["securityContext"]["seccompProfile"]["type"], "RuntimeDefault")
                    for container in spec["containers"]:
                        context = container["securityContext"]
                        self.assertIs(context["readOnlyRootFilesystem"], True)
                        self.assertIs(context["allowPrivilegeEscalation"], False)
                        self.assertEqual(context["capabilities"], {"drop": ["ALL"]})
                        self.assertIn("memory", container["resources"]["limits"])

    def test_secrets_are_references(self):
        manifests = render(EVERYTHING)
        self.assertNotIn("Secret", [manifest["kind"] for manifest in manifests])
        for name, pod in pods(manifests):
            for container in pod["spec"]["containers"]:
                for variable in container["env"]:
                    is_secret = any(word in variable["name"] for word in ("KEY", "SECRET", "DATABASE_URL"))
                    is_path = variable.get("value", "").startswith("/")
                    with self.subTest(pod=name, variable=variable["name"]):
                        self.assertEqual(is_secret and not is_path, "valueFrom" in variable)

    def test_every_pod_has_what_is_added(self):
        found = pods(render(EVERYTHING))
        self.assertEqual(len(found), 4)
        for name, pod in found:
            with self.subTest(pod=name):
                [container] = pod["spec"]["containers"]
                self.assertIn(EVERYTHING["extraEnv"][0], container["env"])
                self.assertIn(EVERYTHING["extraVolumeMounts"][0], container["volumeMounts"])
                self.assertIn(EVERYTHING["extraVolumes"][0], pod["spec"]["volumes"])

    def test_selectors_find_their_pods(self):
        manifests = render(EVERYTHING)
        labels = [pod["metadata"]["labels"].items() for _, pod in pods(manifests)]
        for manifest in manifests:
            if manifest["kind"] in ("Service", "PodDisruptionBudget", "Deployment", "PodMonitor"):
                selector = manifest["spec"]["selector"]
                selector = selector.get("matchLabels", selector)
                with self.subTest(manifest["kind"], name=manifest["metadata"]["name"]):
                    self.assertEqual(sum(selector.items() <= found for found in labels), 1)

    def test_monitors_have_the_job_of_the_alerts(self):
        manifests = render(EVERYTHING)
        monitors = [manifest["spec"] for manifest in manifests if manifest["kind"] == "PodMonitor"]
        self.assertEqual(len(monitors), 2)
        for name, pod in pods(manifests):
            for monitor in monitors:
                self.assertEqual(pod["metadata"]["labels"][monitor["jobLabel"]], "restow", name)
        # Other services have metrics of these names too.
        [group] = yaml.safe_load((DEPLOY / "prometheus" / "restow.rules.yml").read_text())["groups"]
        for rule in group["rules"]:
            for selector in re.findall(r"\b(?:up|http_server_\w+|process_\w+)\b(\{[^}]*\})?", rule["expr"]):
                self.assertIn('job="restow"', selector, rule["alert"])
        dashboard = json.loads((DEPLOY / "grafana" / "restow.json").read_text())
        [job] = [variable for variable in dashboard["templating"]["list"] if variable["name"] == "job"]
        self.assertNotIn("allValue", job)

    def test_reaper_runs_in_one_place(self):
        arguments = lambda manifests: template(named(manifests, "Deployment"))["spec"]["containers"][0]["args"]
        with_schedule, without = render(EVERYTHING), render(BUCKET)
        self.assertIn("--no-reaper", arguments(with_schedule))
        self.assertEqual(named(with_schedule, "CronJob", "-reaper")["spec"]["concurrencyPolicy"], "Forbid")
        self.assertNotIn("--no-reaper", arguments(without))
        self.assertNotIn("CronJob", [manifest["kind"] for manifest in without])

    def test_migration_precedes_pods(self):
        job = named(render(EVERYTHING), "Job", "-migrate")
        self.assertEqual(job["metadata"]["annotations"]["helm.sh/hook"], "pre-install,pre-upgrade")
        variable = template(job)["spec"]["containers"][0]["env"][0]
        self.assertEqual(variable["valueFrom"]["secretKeyRef"]["name"], "owner")

    def test_only_the_api_is_exposed(self):
        paths = named(render(EVERYTHING), "Ingress")["spec"]["rules"][0]["http"]["paths"]
        self.assertEqual([path["path"] for path in paths], ["/api", "/.well-known/restow"])


class Running(unittest.TestCase):
    """Runs the containers' commands with the environment and files that they would have."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        values = {**EVERYTHING, "server": {}}
        self.manifests = render(values)
        config = named(self.manifests, "ConfigMap")["data"]
        for name, content in config.items():
            (self.directory / name).write_text(content)

    def start(self, kind, suffix=""):
        [container] = template(named(self.manifests, kind, suffix))["spec"]["containers"]
        environment = {"PATH": os.environ["PATH"]}
        for variable in container["env"]:
            value = variable.get("value", "a-secret")
            if variable["name"] == "RESTOW_DATABASE_URL":
                value = f"sqlite:{self.directory}/restow.sqlite?mode=rwc"
            value = value.replace("0.0.0.0:8080", f"127.0.0.1:{self.port}")
            environment[variable["name"]] = value.replace("/etc/restow", str(self.directory))
        command = [os.environ["RESTOW_SERVER"], *container["args"]]
        return container, subprocess.Popen(
            command, env=environment, cwd=self.directory, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def migrate(self):
        _, process = self.start("Job", "-migrate")
        output, _ = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0, output)

    def probe(self, container, name):
        request = container[name]["httpGet"]
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{request['path']}", timeout=10) as response:
            return response.status

    def runs_and_stops(self, kind, suffix):
        self.migrate()
        container, process = self.start(kind, suffix)
        try:
            deadline = time.monotonic() + 60
            while True:
                try:
                    self.assertEqual(self.probe(container, "startupProbe"), 200)
                    break
                except urllib.error.URLError:
                    self.assertIsNone(process.poll(), "it ended")
                    self.assertLess(time.monotonic(), deadline)
                    time.sleep(0.05)
            self.assertEqual(self.probe(container, "readinessProbe"), 200)
            self.assertEqual(self.probe(container, "livenessProbe"), 200)
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=30)
            self.assertEqual(process.returncode, 0)
        finally:
            process.kill()
            process.communicate()

    def test_server_runs_with_rendered_options(self):
        self.runs_and_stops("Deployment", "")

    def test_worker_runs_with_rendered_options(self):
        self.runs_and_stops("Deployment", "-worker")


if __name__ == "__main__":
    unittest.main()
