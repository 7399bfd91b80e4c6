"""Licence keys: what a key holds, the three messages that change it, and whom it believes.

`licence` is what a key grants, `stored` the vendor-signed object that proves it, `trust` says who may sign.
`codec` carries messages (typed, QR, file), `exchange` has the rules, `tokens` the kinds of keys.
Rules do no IO: they work on bytes and on two small ports, `Token` and `StateStore`.
"""
