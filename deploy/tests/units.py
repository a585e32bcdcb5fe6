"""The units: systemd accepts them, finds them hardened, and the server knows their options.

Environment: SYSTEMD_ANALYZE and RESTOW_SERVER, the paths of both programs.
"""

import os
import pathlib
import re
import shlex
import subprocess
import tempfile
import unittest

TOP = pathlib.Path(__file__).parent.parent.parent
UNITS = sorted((TOP / "deploy" / "systemd").glob("*.service"))
GUIDE = TOP / "docs" / "src" / "content" / "docs" / "running" / "systemd.mdx"
PROGRAM = "/usr/local/bin/restow-server"
# In tenths, of the scale from 0 to 10 on which 10 is a service without any restriction.
MAX_EXPOSURE = 15


def analyze(*arguments):
    command = [os.environ["SYSTEMD_ANALYZE"], *arguments]
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)


def credentials(text):
    """The names of the credentials that are loaded, and of those that are used."""
    lines = text.splitlines()
    loaded = {line.split("=")[1].split(":")[0] for line in lines if line.startswith("LoadCredential=")}
    return loaded, {word.split("%d/")[1] for line in lines for word in line.split() if "%d/" in word}


def drop_ins():
    """The additions to the server's unit that the guide shows."""
    found = re.findall(r'^```ini title="systemctl edit restow-server"\n(.*?)^```$', GUIDE.read_text(), re.M | re.S)
    assert found, "the guide shows none"
    return found


class Units(unittest.TestCase):
    def test_systemd_accepts_units(self):
        self.assertEqual(len(UNITS), 2)
        for unit in UNITS:
            with self.subTest(unit.name), tempfile.TemporaryDirectory() as directory:
                # The program is not installed here, which would be an error.
                copy = pathlib.Path(directory) / unit.name
                copy.write_text(unit.read_text().replace(PROGRAM, os.environ["RESTOW_SERVER"]))
                if unit.name == "restow-server.service":
                    additions = pathlib.Path(directory) / f"{unit.name}.d"
                    additions.mkdir()
                    for number, text in enumerate(drop_ins()):
                        (additions / f"{number}.conf").write_text(text)
                verified = analyze("verify", "--man=no", str(copy))
                self.assertEqual((verified.returncode, verified.stdout), (0, ""))

    def test_units_are_hardened(self):
        for unit in UNITS:
            with self.subTest(unit.name):
                judged = analyze("security", "--offline=true", f"--threshold={MAX_EXPOSURE}", str(unit))
                self.assertEqual(judged.returncode, 0, judged.stdout)

    def test_server_knows_their_options(self):
        for unit in UNITS:
            lines = unit.read_text().splitlines()
            [command] = [line.removeprefix("ExecStart=") for line in lines if line.startswith("ExecStart=")]
            program, *arguments = shlex.split(command)
            if unit.name == "restow-server.service":
                lines += "\n".join(drop_ins()).splitlines()
            with self.subTest(unit.name):
                self.assertEqual(program, PROGRAM)
                config = arguments.index("--config")
                with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
                    arguments[config + 1] = file.name
                    shown = subprocess.run(
                        [os.environ["RESTOW_SERVER"], *arguments, "--help"], capture_output=True, text=True, check=True
                    )
                for line in lines:
                    for variable in line.removeprefix("Environment=").split():
                        name = variable.split("=")[0]
                        if line.startswith("Environment=") and name.startswith("RESTOW_"):
                            self.assertIn(f"[env: {name}", shown.stdout)

    def test_secrets_are_credentials(self):
        for unit in UNITS:
            with self.subTest(unit.name):
                self.assertEqual(credentials(unit.read_text()), ({"database-url", "aws"},) * 2)
        loaded, used = credentials("\n".join(drop_ins()))
        self.assertEqual(loaded, {"tls.crt", "tls.key"})
        self.assertEqual(used, loaded)

    def test_no_password_file_is_used(self):
        # systemd passes credentials with a mode that the client of PostgreSQL refuses for a password file.
        for unit in UNITS:
            self.assertNotRegex(unit.read_text(), r"(?m)^Environment=.*PGPASSFILE")


if __name__ == "__main__":
    unittest.main()
