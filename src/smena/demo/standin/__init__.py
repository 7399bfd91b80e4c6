"""A stand-in for Comindware Platform: not the vendor's product, but like it as far as an upgrade can see.

    releases.py   which versions there are, and what each one does at its first start
    content/      what lies in a version's folder, by the version that brought it
    program/      the three services, copied into every package
    packages.py   makes a version's package
    install.py    puts versions and instances on a host as the vendor's installer would
    units.py      the systemd units and the nginx site that it would ship
    client.py     talks to an instance's site: fill it, ask how it is, read everything back

docs/standin.md says what it imitates and what it does not.
"""
