"""The customer's side of an exchange, step by step: where it stands, what comes next, and the letters to send.

What can be measured on the key is measured; kept is only what no key knows: the reason, which letters were sent,
when the licence service is to be restarted. So the wizard can be closed at any step, and goes on from the key.
"""
