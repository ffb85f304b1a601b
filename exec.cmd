@rem npm runs "exec node ..." so that signals reach node on systems with a shell; Windows has no exec of its own.
@%*
