# Tollgate: an AI gateway in front of everything this server runs.

[description]
Answers AI calls (/v1/chat/completions, /v1/messages, ...) with the Tollgate gateway,
and hands every other request on.

[tags]
handler

[depend]
server

[after]
compression
gzip

[lib]
lib/tollgate/*.jar

[xml]
etc/tollgate.xml

[ini-template]
## The configuration file
# tollgate.config=etc/tollgate.yaml

## Whether a broken configuration keeps the server from starting;
## otherwise the gateway's paths answer 503 and the rest of the server runs
# tollgate.failStart=false
