"""What of this host smena can see and use, and what of it needs a person.

    finding.py   one answer: what was looked at, how it is, and the one next command
    scene.py     what every probe looks at: the home, the instances as far as they can be read
    probes.py    the visible list of probes, and the look that asks them all

A probe changes nothing that belongs to anybody. It never fails as a whole: what keeps it from looking is a finding.
"""
