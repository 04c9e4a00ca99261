"""What each custodian of the demo world sends, one layout a file."""
