"""The stand-in product as its vendor would describe it, below a folder of a test instead of the host's own root."""

from __future__ import annotations

import sys
from pathlib import Path

from smena.definition.load import load
from smena.definition.model import Definition
from smena.demo.standin import install
from smena.demo.standin.install import Layout

NAME = "standin-platform"
_TEXT = r"""
schema: 1
product: standin-platform
title: {en: Stand-in platform, ru: Платформа-заменитель}
demo: yes
components:
  platform:
    title: {en: the platform, ru: платформа}
    files: {any: '*-release-ru-{version}.standin.tar.gz'}
  extras:
    title: {en: extras, ru: дополнения}
    files: {any: 'extras-{version}.zip'}
    optional: yes
releases:
  - {version: '3.5', builds: '3.5..3.5.1057.*'}
  - {version: '4.2', builds: '4.2.*'}
  - {version: '4.7.2', builds: '4.7.2.*'}
  - {version: '5.0', builds: '5.0.*'}
instance:
  settings:
    port: {type: port, default: {read: yaml, of: '${paths.instance-file}', key: port, default: '80'}}
    fqdn: {type: hostname, default: {read: yaml, of: '${paths.instance-file}', key: fqdn, default: localhost}}
    java-options: {default: {read: env, of: '${paths.environment-file}', key: JAVA_OPTS, default: none}}
    mode: {type: choice, choices: [quiet, loud], default: quiet}
    db-password: {type: secret}
  linux:
    paths:
      versions: ROOT/var/www/.cmw_version
      instance-file: 'ROOT/usr/share/comindware/configs/instance/${name}.yml'
      environment-file: 'ROOT/etc/sysconfig/comindware${name}-env'
      config: {read: yaml, of: '${paths.instance-file}', key: configPath,
        default: 'ROOT/var/www/${name}'}
      database: {read: yaml, of: '${paths.instance-file}', key: db.workDir, formerly: [databasePath],
        default: 'ROOT/var/lib/comindware/${name}/Database'}
      nodes: '${paths.database}/db'
      streams: {read: yaml, of: '${paths.instance-file}', key: userStorage.localDisk.path,
        default: 'ROOT/var/lib/comindware/${name}/Streams'}
      backup: {read: yaml, of: '${paths.instance-file}', key: backup.defaultFolder,
        default: 'ROOT/var/lib/comindware/${name}/Backup'}
      logs: {read: xml, of: '${paths.config}/logs.config', key: '//variable[name=logDirectory]/@value',
        default: 'ROOT/var/log/comindware/${name}/Logs'}
    os-family:
      debian: {owner: www-data}
      rpm: {owner: nginx}
    services:
      - name: adapterhost
        unit: 'adapterhost${name}'
        command: [PYTHON, -E, -s, -S, -B, '${paths.config}/bin/adapterhost.py', '${paths.instance-file}']
        environment-file: '${paths.environment-file}'
      - name: platform
        unit: 'comindware${name}'
        command: [PYTHON, -E, -s, -S, -B, '${paths.config}/bin/comindware.py', '${paths.instance-file}']
        environment-file: '${paths.environment-file}'
        environment: {DB_PASSWORD: '${settings.db-password}'}
        stop-within: 20s
      - name: apigateway
        unit: 'apigateway${name}'
        command: [PYTHON, -E, -s, -S, -B, '${paths.config}/bin/apigateway.py', '${paths.instance-file}']
        environment-file: '${paths.environment-file}'
        ready: 'http://127.0.0.1:${settings.port}/health'
      - {name: helper, unit: 'helper${name}', optional: yes}
    site:
      server: none
      url: 'http://${settings.fqdn}:${settings.port}/'
      probe: 'http://127.0.0.1:${settings.port}/'
    site-instead:
      - server: none
        name: loud
        url: 'http://${settings.fqdn}:${settings.port}/loud'
        probe: 'http://127.0.0.1:${settings.port}/'
        when: {setting.mode: loud}
    version: {value: {read: link-target, of: '${paths.config}/bin', pattern: '\.cmw_version/([^/]+)'}}
    discover: {files: ['ROOT/usr/share/?omindware/configs/instance/{name}.yml'], not-named: [template]}
  roles:
    configuration: [config, instance-file]
    data: [database]
    uploads: [streams]
    logs: [logs]
    backups: [backup]
    versions: [versions]
"""


def text(root: Path) -> str:
    """The definition as a file."""
    return _TEXT.replace("ROOT", str(root)).replace("PYTHON", sys.executable)


def definition(root: Path) -> Definition:
    """The definition of the stand-in below `root`."""
    return load(text(root).encode(), "product.yaml")


def put_into(home: Path, root: Path) -> None:
    """Put the definition into a home, as an administrator does with a vendor's file."""
    folder = home / "products"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{NAME}.yaml").write_text(text(root), "utf-8")


def create(root: Path, name: str, version: str = "3.5", port: int = 8081) -> Layout:
    """Put an instance on the host, as the vendor's installer does."""
    return install.create(root, name, version, port)
