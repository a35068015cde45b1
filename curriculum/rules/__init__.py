"""The rules of a country at the writing desk: what is in force, who prints it, and changing one."""
