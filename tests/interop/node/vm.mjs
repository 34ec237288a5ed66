// The official VM with a project, connected to the sandbox's cloud by the editor's own provider.
import {createRequire} from 'node:module';
import http from 'node:http';
import path from 'node:path';
import {pathToFileURL} from 'node:url';

const HOST = 'clouddata.scratch.mit.edu';

const logIn = (port, username, password) => new Promise((resolve, reject) => {
    const request = http.request({
        port,
        path: '/login/',
        method: 'POST',
        headers: {'Host': 'scratch.mit.edu', 'X-CSRFToken': 'a', 'Cookie': 'scratchcsrftoken=a'}
    }, answer => {
        let text = '';
        answer.on('data', chunk => (text += chunk));
        answer.on('end', () => resolve({
            token: JSON.parse(text)[0].token,
            cookie: answer.headers['set-cookie'].map(one => one.split(';')[0]).join('; ')
        }));
    });
    request.on('error', reject);
    request.end(JSON.stringify({username, password}));
});

export const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

// The editor of before 2025 let the browser send the session's cookie; the newest one gives a token.
export const start = async ({
    home, port, username, password, projectId, project, hear = line => line, byCookie = false
}) => {
    const require = createRequire(path.join(home, 'package.json'));
    const Socket = require('ws');
    const VirtualMachine = require('scratch-vm'); // before there is a window: it would take this for a browser
    const errors = [];
    for (const kind of ['uncaughtException', 'unhandledRejection']) {
        process.on(kind, error => errors.push(String(error)));
    }
    const {token, cookie} = await logIn(port, username, password);
    // What the provider expects of a browser. The socket is the one place where Scratch's address is
    // replaced by the sandbox's.
    globalThis.window = globalThis;
    globalThis.location = {protocol: 'http:'};
    globalThis.WebSocket = class extends Socket {
        constructor (url, protocols) {
            if (!url.includes(HOST)) throw new Error(`a test may not reach ${url}`);
            super(url.replace(HOST, `127.0.0.1:${port}`), protocols, {
                headers: {Host: HOST, Origin: 'https://scratch.mit.edu', ...(byCookie && {Cookie: cookie})}
            });
            this.on('error', error => errors.push(String(error)));
        }

        set onmessage (listener) {
            super.onmessage = event => {
                const lines = event.data.split('\n').filter(line => line && hear(line));
                if (lines.length) listener({data: lines.join('\n')});
            };
        }
    };
    const {default: CloudProvider} = await import(
        pathToFileURL(path.join(home, 'cloud-provider.mjs')));
    const vm = new VirtualMachine();
    await vm.loadProject(JSON.stringify(project));
    vm.setCloudProvider(new CloudProvider(
        HOST, vm, username, projectId, byCookie ? null : () => Promise.resolve(token)));
    vm.start();
    return {vm, errors};
};
