import { ID, IMAGE_ID, type Row, refused, row } from './row.ts'

const CHANGED = `import os; os.makedirs("/made"); open("/made/f", "w").write("x"); os.remove("/etc/group")`
/** What the daemon tells of its past; the client is interrupted when it has all of it. */
const told = (one: string, two: string, format: string, all: RegExp): Row =>
  row(`events --since 1 --filter ${one} --filter ${two} --format '${format}'`, all, {
    until: all,
    code: 130,
  })

/** Files of a container, and images of them. */
export const FILES: readonly Row[] = [
  row(`run --name files python -c '${CHANGED}'`),
  row('diff files', 'C /etc\nD /etc/group\nA /made\nA /made/f\n'),
  row('cp files:/made/f -', /^f\0+000644 /),
  row('cp "$HOST/in" files:/made/in', '', { stderr: /^$|^Successfully copied/ }),
  row('cp -q files:/made/in "$HOST/out"'),
  refused('cp files:/absent -', 'Could not find the file /absent in container files'),
  row('cp files:/made absent:/x', '', {
    stderr: 'copying between containers is not supported\n',
    code: 1,
  }),
  row('diff files', 'C /etc\nD /etc/group\nA /made\nA /made/f\nA /made/in\n'),
  row('export files', /made\/f\0/),
  row('export -o "$HOST/exported.tar" files'),
  row(`inspect -s -f '{{.SizeRw}}' files`, /^\d{2,5}\n$/),
  row(
    `commit -a Ann -m note -c 'ENV A=b' -c 'VOLUME /made' -c 'CMD ["-c", "import os; print(os.listdir(\\"/made\\"))"]' files own:v1`,
    IMAGE_ID,
  ),
  row('run --rm own:v1', /^\['f', 'in'\]\n$|^\['in', 'f'\]\n$/),
  row(
    `image inspect -f '{{.Author}} {{.Comment}} {{json .Config.Volumes}} {{json .RepoTags}}' own:v1`,
    'Ann note {"/made":{}} ["own:v1"]\n',
  ),
  row(
    'history own:v1',
    /^IMAGE +CREATED +CREATED BY +SIZE +COMMENT\n[0-9a-f]{12} .* bulkhead commit; ENV A=b; VOLUME /,
  ),
  row('history --no-trunc -q own:v1', IMAGE_ID),
  row('create --name voluminous own:v1', ID),
  row(
    `inspect -f '{{json .Config.Volumes}} {{(index .Mounts 0).Destination}} {{(index .Mounts 0).Type}}' voluminous`,
    '{"/made":{}} /made volume\n',
  ),
  row('rm -v voluminous', 'voluminous\n'),
  row('volume ls -q --filter dangling=true', 'data\n'),
  refused('commit -c "RUN ls" files', 'RUN is not a valid change command'),
  row('tag own:v1 own:v2'),
  row(`image ls --format '{{.Repository}}:{{.Tag}}' own`, /^own:v[12]\nown:v[12]\n$/),
  row(`images --filter reference=o*:v2 --format '{{.Tag}}'`, 'v2\n'),
  row(`images --filter since=python --format '{{.Repository}}' own:v1`, 'own\n'),
  row('images --filter dangling=true -q'),
  row('image rm own:v2', 'Untagged: own:v2\n'),
  row('rmi own:v1', /^Untagged: own:v1\nDeleted: sha256:[0-9a-f]{64}\n$/),
  row('rmi own:v1', '', { stderr: 'Error response from daemon: No such image: own:v1\n', code: 1 }),
  row('rmi python', '', {
    stderr:
      /^Error response from daemon: conflict: unable to remove repository reference "python:latest" \(must force\) - container [0-9a-f]{12} is using its referenced image [0-9a-f]{12}\n$/,
    code: 1,
  }),
  row('tag python own:latest'),
  row('rmi own', 'Untagged: own:latest\n'),
  row('tag python UPPER', '', { stderr: /must be lowercase\n$/, code: 1 }),
  row('commit files', IMAGE_ID),
  row('images --filter dangling=true --format "{{.Repository}} {{.Tag}}"', '<none> <none>\n'),
  row(
    'pull hello-world',
    /^Using default tag: latest\nlatest: Pulling from library\/hello-world\nDigest: sha256:[0-9a-f]{64}\nStatus: Image is up to date for hello-world:latest\ndocker\.io\/library\/hello-world:latest\n$/,
  ),
  refused(
    'pull absent:v1',
    "pull access denied for absent, repository does not exist or may require 'docker login'",
  ),
  refused('search x', 'search is not implemented in this version of bulkhead'),
  row('save hello-world', '', {
    stderr: 'Error response from daemon: save is not implemented in this version of bulkhead\n',
    code: 1,
  }),
]

/** The command is looked for in a container's own files, as they are at its start. */
export const PROGRAMS: readonly Row[] = [
  row('create --name copied --entrypoint /tool python', ID),
  row('start -a copied', '', {
    stderr: /exec: "\/tool": stat \/tool: no such file or directory\n/,
    code: 1,
  }),
  row('cp -q "$HOST/tool.wasm" copied:/tool'),
  row('start -a copied', /Hello from bulkhead!/),
  row('create --name linked --entrypoint tool python', ID),
  row('cp -q "$HOST/tool.wasm" linked:/real'),
  row('cp -q "$HOST/bin" linked:/usr'),
  row('start -a linked', /Hello from bulkhead!/),
  row(`run --name gone python -c 'import os; os.remove("/bin/python")'`),
  row('start -a gone', '', {
    stderr: /exec: "\/bin\/python": stat \/bin\/python: no such file or directory\n/,
    code: 1,
  }),
  row(`inspect -f '{{.State.ExitCode}} {{.State.Status}}' gone`, '127 exited\n'),
  row(
    `run --name turned -v "$HOST:/host" python -c 'open("/bin/python", "wb").write(open("/host/tool.wasm", "rb").read())'`,
  ),
  row('start -a turned', /Hello from bulkhead!/),
  row('rm copied linked gone turned', 'copied\nlinked\ngone\nturned\n'),
]

/** Networks, volumes, and the daemon as a whole. */
export const OBJECTS: readonly Row[] = [
  row(
    'network ls --format "{{.Name}} {{.Driver}} {{.Scope}}"',
    'bridge bridge local\nhost host local\nnone null local\n',
  ),
  row('network create --label a=b net1', ID),
  refused('network create net1', 'network with name net1 already exists'),
  row(
    `network inspect -f '{{.Name}} {{.Driver}} {{json .Labels}} {{(index .IPAM.Config 0).Gateway}}' net1`,
    /^net1 bridge \{"a":"b"\} 172\.\d+\.0\.1\n$/,
  ),
  row('network connect --alias f net1 files'),
  row(
    `inspect -f '{{range $k, $v := .NetworkSettings.Networks}}{{$k}} {{end}}' files`,
    'bridge net1 \n',
  ),
  row('network disconnect net1 files'),
  row('network rm net1', 'net1\n'),
  row('network rm net1', '', {
    stderr: /^Error response from daemon: network net1 not found\n/,
    code: 1,
  }),
  refused('network create host', 'operation is not permitted on predefined host network'),
  row('network create unused', ID),
  row('network prune -f', 'Deleted Networks:\nunused\n\n'),
  row('volume create --label a=b vol1', 'vol1\n'),
  row('volume create vol1', 'vol1\n'),
  refused(
    'volume create v',
    'create v: volume name is too short, names should be at least two alphanumeric characters',
  ),
  refused(
    'volume create a/b',
    'create a/b: "a/b" includes invalid characters for a local volume name, only "[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. If you intended to pass a host directory, use absolute path',
  ),
  row('volume ls --filter label=a=b --format "{{.Driver}} {{.Name}}"', 'local vol1\n'),
  row(
    `volume inspect -f '{{.Name}} {{.Driver}} {{.Scope}} {{json .Labels}}' vol1`,
    'vol1 local local {"a":"b"}\n',
  ),
  row('volume rm vol1', 'vol1\n'),
  refused('volume rm vol1', 'get vol1: no such volume'),
  row('volume create', ID),
  row('volume prune -f', /^Deleted Volumes:\n[0-9a-f]{64}\n\nTotal reclaimed space: 0B\n$/),
  row('volume prune -a -f', 'Deleted Volumes:\ndata\n\nTotal reclaimed space: 4B\n'),
  row(
    'system df --format "{{.Type}} {{.TotalCount}}"',
    /^Images 3\nContainers \d\nLocal Volumes 0\nBuild Cache 0\n$/,
  ),
  row(
    'system df -v',
    /\nhello-world +latest +[0-9a-f]{12} .*\n[\s\S]*\n[0-9a-f]{12} +python +.* files\n/,
  ),
  row(
    'version --format "{{.Server.Version}} {{.Server.APIVersion}} {{.Server.MinAPIVersion}} {{.Server.Os}}"',
    /^\d+\.\d+\.\d+ 1\.51 1\.24 linux\n$/,
  ),
  row(
    'version',
    /\nServer: bulkhead\n Engine:\n {2}Version: +\d+\.\d+\.\d+\n {2}API version: +1\.51 \(minimum version 1\.24\)\n/,
  ),
  row(
    'info',
    /\n Storage Driver: overlay\n[\s\S]* Swarm: inactive\n[\s\S]*\n Operating System: bulkhead \(WebAssembly\)\n OSType: linux\n/,
    { stderr: /^$|WARNING/ },
  ),
  row(
    'system info --format "{{.ID}} {{.Images}} {{.Driver}} {{.DefaultRuntime}}"',
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12} 3 overlay bulkhead\n$/,
  ),
  row('swarm init', '', {
    stderr: 'Error response from daemon: swarm is not implemented in this version of bulkhead\n',
    code: 1,
  }),
  row('node ls', '', { stderr: /This node is not a swarm manager/, code: 1 }),
  row('plugin ls -q'),
  told(
    'type=volume',
    'event=create',
    '{{.Actor.ID}}',
    /^data\n(?:[0-9a-f]{64}\n){2}vol1\n[0-9a-f]{64}\n$/,
  ),
  told('type=network', 'network=net1', '{{.Action}}', /^create\ndestroy\n$/),
  told('type=image', 'event=tag', '{{.Actor.Attributes.name}}', /^own:v1\nown:v2\nown:latest\n$/),
  told(
    'container=files',
    'event=commit',
    '{{.Type}} {{.Action}}',
    /^container commit\ncontainer commit\n$/,
  ),
  told('container=files', 'event=die', '{{.Actor.Attributes.exitCode}}', /^0\n$/),
  row('events --since 1 --until 2 --filter type=container'),
  refused('events --filter odd=1 --until 0s', "invalid filter 'odd'"),
  row('container prune -f --filter label=who=nobody', 'Total reclaimed space: 0B\n'),
  row(
    'container prune -f',
    /^Deleted Containers:\n(?:[0-9a-f]{64}\n){3}\nTotal reclaimed space: \d+B\n$/,
  ),
  row(
    'image prune -f',
    /^Deleted Images:\ndeleted: sha256:[0-9a-f]{64}\n\nTotal reclaimed space: \d+B\n$/,
  ),
  row('builder prune -f', 'Total reclaimed space: 0B\n', {
    stderr: /legacy builder is deprecated/,
  }),
  row('system prune -f', 'Total reclaimed space: 0B\n'),
  row(
    'system prune -a -f --volumes',
    /^Deleted Images:\n(?:untagged: (?:hello-world|python):latest\ndeleted: sha256:[0-9a-f]{64}\n){2}\nTotal reclaimed space: 2\d\.\d+MB\n$/,
  ),
  row('images -a -q'),
  row('ps -a -q'),
]
