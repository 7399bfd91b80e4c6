"""What every driver and the files of a host have to keep to, as cases that anybody can run anywhere.

    case.py        a case: its name, what it says, and the function that tries it in a scratch world
    expect.py      what a case says when something is not as promised
    files.py       whole files, links, renames, locks
    services.py    the contract of services, and the world in which it is tried
    sites.py       the contract of sites, before an nginx of its own
    private_nginx.py, unit_world.py, process_world.py   scratch worlds
    running.py     runs suites one after the other, and cleans up whatever happens

The tests of this house run the same cases (tests/drivers, tests/host), and so does `smena doctor --self-test` on the
administrator's host: a contract is written once.
"""
