// Plays a cloud game in the official VM: sets ping, waits until pong is equal, counts a round.
import {createRequire} from 'node:module';
import http from 'node:http';
import path from 'node:path';
import {pathToFileURL} from 'node:url';

const [home, port, seconds, username, password] = process.argv.slice(2);
const require = createRequire(path.join(home, 'package.json'));
const Socket = require('ws');
const VirtualMachine = require('scratch-vm'); // before there is a window: it would take this for a browser
const HOST = 'clouddata.scratch.mit.edu';
const errors = [];

for (const kind of ['uncaughtException', 'unhandledRejection']) {
    process.on(kind, error => errors.push(String(error)));
}

// What the provider expects of a browser. The socket is the one place where Scratch's address is
// replaced by the sandbox's.
globalThis.window = globalThis;
globalThis.location = {protocol: 'http:'};
globalThis.WebSocket = class extends Socket {
    constructor (url, protocols) {
        if (!url.includes(HOST)) throw new Error(`a test may not reach ${url}`);
        super(url.replace(HOST, `127.0.0.1:${port}`), protocols, {
            headers: {Host: HOST, Origin: 'https://scratch.mit.edu'}
        });
        this.on('error', error => errors.push(String(error)));
    }
};

const logIn = () => new Promise((resolve, reject) => {
    const request = http.request({
        port,
        path: '/login/',
        method: 'POST',
        headers: {'Host': 'scratch.mit.edu', 'X-CSRFToken': 'a', 'Cookie': 'scratchcsrftoken=a'}
    }, answer => {
        let text = '';
        answer.on('data', chunk => (text += chunk));
        answer.on('end', () => resolve(JSON.parse(text)[0].token));
    });
    request.on('error', reject);
    request.end(JSON.stringify({username, password}));
});

const block = (opcode, {parent = null, next = null, inputs = {}, fields = {}} = {}) => ({
    opcode, parent, next, inputs, fields, shadow: false, topLevel: parent === null, x: 0, y: 0
});
const variable = (name, id) => [3, [12, name, id], [10, '0']];
const PING = ['☁ ping', 'ping-id'], PONG = ['☁ pong', 'pong-id'], ROUNDS = ['rounds', 'rounds-id'];

const stage = {
    isStage: true,
    name: 'Stage',
    variables: {
        'ping-id': ['☁ ping', 0, true],
        'pong-id': ['☁ pong', 0, true],
        'foo-id': ['☁ foo', 0, true],
        'rounds-id': ['rounds', 0]
    },
    lists: {},
    broadcasts: {},
    comments: {},
    blocks: {
        flag: block('event_whenflagclicked', {next: 'forever'}),
        forever: block('control_forever', {parent: 'flag', inputs: {SUBSTACK: [2, 'serve']}}),
        serve: block('data_changevariableby', {
            parent: 'forever', next: 'wait', inputs: {VALUE: [1, [4, '1']]}, fields: {VARIABLE: PING}
        }),
        wait: block('control_wait_until', {
            parent: 'serve', next: 'count', inputs: {CONDITION: [2, 'equal']}
        }),
        equal: block('operator_equals', {
            parent: 'wait',
            inputs: {OPERAND1: variable(...PONG), OPERAND2: variable(...PING)}
        }),
        count: block('data_changevariableby', {
            parent: 'wait', inputs: {VALUE: [1, [4, '1']]}, fields: {VARIABLE: ROUNDS}
        })
    },
    currentCostume: 0,
    costumes: [{
        name: 'backdrop1', dataFormat: 'svg', assetId: 'cd21514d0531fdffb22204e0ec5ed84a',
        md5ext: 'cd21514d0531fdffb22204e0ec5ed84a.svg', rotationCenterX: 0, rotationCenterY: 0
    }],
    sounds: [],
    volume: 100,
    layerOrder: 0,
    tempo: 60
};
const project = {
    targets: [stage], monitors: [], extensions: [], meta: {semver: '3.0.0', vm: '0.2.0', agent: ''}
};

const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

const main = async () => {
    const {default: CloudProvider} = await import(
        pathToFileURL(path.join(home, 'cloud-provider.mjs')));
    const token = await logIn();
    const vm = new VirtualMachine();
    await vm.loadProject(JSON.stringify(project));
    const provider = new CloudProvider(HOST, vm, username, '104', () => Promise.resolve(token));
    vm.setCloudProvider(provider);
    vm.start();
    const value = id => vm.runtime.getTargetForStage().variables[id].value;
    while (value('foo-id') === 0) await pause(20); // the server greets with the values
    const foo = value('foo-id');
    console.log(JSON.stringify({ready: true}));
    const started = performance.now();
    let counted = 0, last = started, longest = 0;
    const count = async until => {
        while (!until()) {
            await pause(5);
            if (value('rounds-id') > counted) {
                longest = Math.max(longest, performance.now() - last);
                [counted, last] = [value('rounds-id'), performance.now()];
            }
        }
    };
    vm.greenFlag();
    await count(() => performance.now() - started >= seconds * 1000);
    const rounds = counted, elapsed = (performance.now() - started) / 1000;
    // A lost round would stop the game: it has to go on.
    await count(() => counted > rounds || performance.now() - last > 5000);
    vm.stopAll();
    console.log(JSON.stringify({
        rounds,
        goesOn: counted > rounds,
        longestRound: Math.round(longest),
        seconds: elapsed,
        foo: value('foo-id') === foo ? null : value('foo-id'),
        errors
    }));
    process.exit(0);
};

main().catch(error => {
    console.error(error);
    process.exit(1);
});
