"""What hosts of administrators are like: what cannot come out well is refused before any change, the rest is kept."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.systemd_host import PYTHON, SystemdHost
from support.systemd_standin import ACCEPT, GATEWAY, HOME, NAME, Standin

pytestmark = pytest.mark.root

OLD, NEW = "4.7.2", "4.7.3"
DATA = f"/var/lib/comindware/{NAME}"
UNIT = f"adapterhost{NAME}.service"
UPGRADE = ("upgrade", NAME, "--to", NEW, "--yes", "--probation", "0", *ACCEPT)
_LABELS = """
import os
for top in ("/var/www/main", "/var/lib/comindware/main", "/usr/share/comindware"):
    for folder, names, files in os.walk(top):
        for name in [".", *names, *files]:
            path = os.path.normpath(os.path.join(folder, name))
            if "/.smena" in path or "/LocalTemp" in path or os.path.islink(path):
                continue
            if SET:
                os.setxattr(path, "security.selinux", b"system_u:object_r:standin_t:s0")
            print(path, os.getxattr(path, "security.selinux") if "security.selinux" in os.listxattr(path) else "none")
"""


@pytest.fixture(scope="module")
def standin() -> Iterator[Standin]:
    host = SystemdHost(nginx=True)
    try:
        host.boot()
        yield Standin(host, OLD, releases=(NEW,), gateway=GATEWAY).add()
    finally:
        host.close()


def refused(standin: Standin, words: str) -> None:
    """Before any change: with the instance up, no run begun, and everything as it was."""
    before, runs = standin.trees(), standin.runs()
    told = standin.smena(*UPGRADE, good=(3,))
    assert words in str(told), told
    assert standin.trees() == before
    assert standin.runs() == runs
    assert standin.active() == dict.fromkeys(standin.units, "active")


def sh(standin: Standin, script: str) -> None:
    standin.host.do("bash", "-ec", script)


def test_a_configuration_of_nginx_that_was_broken_before(standin: Standin) -> None:
    sh(standin, "echo 'server { listen 1.2.3.4.5; }' > /etc/nginx/sites-enabled/other")
    refused(standin, "nginx refuses its configuration")
    sh(standin, "rm /etc/nginx/sites-enabled/other")


def test_a_site_of_the_same_name_that_is_somebody_elses(standin: Standin) -> None:
    sh(standin, f"echo 'server {{ listen 127.0.0.1:9; }}' > /etc/nginx/conf.d/comindware{NAME}.conf")
    refused(standin, "there is another site called")
    sh(standin, f"rm /etc/nginx/conf.d/comindware{NAME}.conf")


def test_a_masked_unit(standin: Standin) -> None:
    """As packages bring them: the unit elsewhere, so that a mask can hide it."""
    units = "/etc/systemd/system"
    sh(standin, f"mkdir -p /usr/local/lib/systemd/system; mv {units}/{UNIT} /usr/local/lib/systemd/system")
    sh(standin, f"ln -s /dev/null {units}/{UNIT}; systemctl daemon-reload")
    refused(standin, f"the unit {UNIT} is masked")
    sh(standin, f"rm {units}/{UNIT}; mv /usr/local/lib/systemd/system/{UNIT} {units}; systemctl daemon-reload")


def test_the_services_account_is_gone(standin: Standin) -> None:
    """What runs goes on running; stopped, it could not be started again."""
    sh(standin, "cp /etc/passwd /root/passwd; sed -i /^www-data/d /etc/passwd")
    sh(standin, "sed -i 's/^user www-data/user root/' /etc/nginx/nginx.conf")
    refused(standin, "the account www-data of")
    sh(standin, "cp /root/passwd /etc/passwd; sed -i 's/^user root/user www-data/' /etc/nginx/nginx.conf")


def test_the_disk_of_the_data_is_not_mounted(standin: Standin) -> None:
    sh(standin, f"cp /etc/fstab /root/fstab; echo 'LABEL=data {DATA} ext4 defaults 0 2' >> /etc/fstab")
    refused(standin, f"the disk at {DATA} is not mounted")
    sh(standin, f"cp /root/fstab /etc/fstab; mv {DATA}/Database /srv/Database")
    refused(standin, f"nothing lies at {DATA}/Database")
    sh(standin, f"mv /srv/Database {DATA}/Database")


def test_a_disk_that_is_mounted_inside_the_data(standin: Standin) -> None:
    sh(standin, f"mount -t tmpfs tmpfs {DATA}/Database/snapshots")
    refused(standin, "cannot be kept whole")
    sh(standin, f"umount {DATA}/Database/snapshots")


def test_mounts_labels_and_drop_ins_are_kept_there_and_back(standin: Standin) -> None:
    """The database on a disk of its own, labels on everything, and the administrator's own drop-in."""
    host = standin.host
    units = " ".join(standin.units)
    sh(standin, f"systemctl stop {units}; mv {DATA}/Database /srv/Database; mkdir {DATA}/Database")
    sh(standin, f"mount -t tmpfs tmpfs {DATA}/Database; cp -a /srv/Database/. {DATA}/Database")
    sh(standin, f"systemctl start {units}")
    standin.wait()
    host.write(f"/etc/systemd/system/{UNIT}.d/own.conf", "[Service]\nNice=3\n")
    sh(standin, "systemctl daemon-reload")
    labels = host.python(_LABELS.replace("SET", "True"))
    before = standin.trees()
    standin.smena(*UPGRADE)
    assert standin.wait().version == NEW
    assert standin.data() == standin.known
    assert host.unit(UNIT, "Nice")["Nice"] == "3"
    again = dict(line.split(" ", 1) for line in host.python(_LABELS.replace("SET", "False")).splitlines())
    merged = [path for path in again if path.endswith((".yml", ".config"))]
    assert {again[path] for path in merged} == {"b'system_u:object_r:standin_t:s0'"}, "merged files keep theirs"
    standin.smena("rollback", NAME, "--yes")
    assert standin.trees() == before
    assert sorted(host.python(_LABELS.replace("SET", "False")).splitlines()) == sorted(labels.splitlines())
    mounted = host.do("findmnt", "--noheadings", "--output", "TARGET", "--type", "tmpfs")
    assert f"{DATA}/Database" in mounted
    assert standin.data() == standin.known


def test_a_home_that_was_moved_while_its_run_was_interrupted(standin: Standin) -> None:
    """While it is away nobody can start what is half switched; put back into its place, the run comes to its end."""
    host = standin.host
    run = standin.begin(NEW, fault="run.before-do@26=halt")
    standin.halted(run)
    host.do("systemctl", "kill", "--signal=KILL", f"smena-run-{run}")
    standin.settled(run, "interrupted")
    sh(standin, f"mv {HOME} /var/lib/moved")
    sh(standin, f"systemctl start {' '.join(standin.units)}")
    assert standin.active() == dict.fromkeys(standin.units, "inactive")
    sh(standin, f"mv /var/lib/moved {HOME}")
    host.run([PYTHON, "-m", "smena", "run", "list"])
    state = standin.settled(run, "final", "undone")
    assert standin.wait().version == {"final": NEW, "undone": OLD}[state]
    assert standin.data() == standin.known
