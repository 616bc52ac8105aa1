"""Files in, linear light out: the only room that decodes photographs."""
