"""The image: its description is linted, its last stage is built from a local file system, and it runs unprivileged on a
root file system that cannot be written.

The first stage needs images of registries; instead of it, the server that is there already is taken. Environment: HADOLINT and
BUILDAH, the paths of both programs, RESTOW_SERVER, and RUNTIME, a directory with a C library. Needs root.
"""

import json
import os
import pathlib
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

    def test_image_runs_unprivileged_and_read_only(self):
        data = self.root / DATA
        self.assertEqual(data.stat().st_uid, 65532)
        self.assertEqual(self.config["User"], "65532:65532")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        variables = [v.replace("0.0.0.0:8080", f"127.0.0.1:{port}") for v in self.config["Env"] if "=" in v]
        volume = self.directory / "volume"
        volume.mkdir(mode=0o700)
        os.chown(volume, 65532, 65532)
        environment = {
            **os.environ,
            "ROOT": str(self.root),
            "VOLUME": str(volume),
            "VARIABLES": " ".join([*variables, "RESTOW_EMBEDDED_S3_LISTEN=127.0.0.1:0", "RESTOW_DRAIN=0s"]),
            "USER_ID": self.config["User"],
        }
        command = [*self.config["Entrypoint"], *self.config["Cmd"]]
        log = (self.directory / "log").open("w")
        self.addCleanup(log.close)
        process = subprocess.Popen(
            ["unshare", "--mount", "sh", "-c", RUN, "sh", *command], env=environment, stdout=log, stderr=log
        )
        try:
            self.assertEqual(self.wait(process, f"http://127.0.0.1:{port}/readyz"), 200)
            status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
            self.assertIn("Uid:\t65532\t65532", status)
            mounts = pathlib.Path(f"/proc/{process.pid}/mountinfo").read_text().splitlines()
            roots = [line.split()[5] for line in mounts if line.split()[4] == "/"]
            self.assertIn("ro", roots[-1].split(","))
            self.assertTrue((volume / "restow.sqlite").exists())
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(timeout=30), 0)
        finally:
            process.kill()
            process.wait()

    def wait(self, process, url):
        deadline = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(url, timeout=10) as response:
                    return response.status
            except urllib.error.URLError:
                self.assertIsNone(process.poll(), (self.directory / "log").read_text())
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.05)


if __name__ == "__main__":
    unittest.main()
