"""Prints what `sam deploy --guided` would ask about routes that name no authentication.

SAM asks once for each, and the answer that it takes for granted ends the deploy. It is asked with
SAM's own code, in SAM's environment.
"""

import sys

from samcli.commands.deploy.auth_utils import auth_per_resource
from samcli.lib.providers.sam_stack_provider import SamLocalStackProvider

if __name__ == "__main__":
    stacks, _ = SamLocalStackProvider.get_stacks(sys.argv[1])
    asked = [name for name, authenticated in auth_per_resource(stacks) if not authenticated]
    for name in asked:
        print(f"{name} has no authentication. Is this okay? [y/N]")
    sys.exit(f"{len(asked)} questions" if asked else 0)
