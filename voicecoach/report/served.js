// Only in a page that `voicecoach report` serves: says that it is open, so that the program ends when it is closed.
new EventSource("alive");
