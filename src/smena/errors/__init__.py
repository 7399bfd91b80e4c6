"""The one tree of errors: every error that a user can meet has its class, code and exit status here.

A file a room; all of them are `smena.errors.<Name>` to the rest of the house. docs/errors.md lists every
code; a test holds the two together.
"""

from smena.errors.definitions import *
from smena.errors.drivers import *
from smena.errors.host import *
from smena.errors.instances import *
from smena.errors.keys import *
from smena.errors.plans import *
from smena.errors.runs import *
from smena.errors.steps import *
from smena.errors.tree import *
