"""Questions asked before and after a run, one file each: preflight and verification are one concept."""
