"""The vendor's desk: what is known of each key, what was ordered for it, and what was answered.

`desk` opens the folder; `accounts`, `orders`, `people`, `issuers`, `listing` (the trust list) and `serials` keep one
kind of thing each. `enrolling`, `receiving`, `answering`, `confirming`, `replacing` are what is done there, over the
pure rules of `keys.exchange`. Two records outlive a mistake: `audit`, a chain in the store, and `answerlog`, a
file of its own from which a desk that was restored from a backup learns what it has answered since.
"""
