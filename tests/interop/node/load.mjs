// Loads a project into the official VM as the editor does, changes it, and saves it and a picture.
import {createRequire} from 'node:module';
import http from 'node:http';
import path from 'node:path';

const [home, port, projectId, username, password] = process.argv.slice(2);

// The one place where Scratch's address is replaced by the sandbox's.
globalThis.fetch = (address, {method = 'GET', headers = {}, body} = {}) => {
    const url = new URL(address);
    if (!url.hostname.endsWith('scratch.mit.edu')) throw new Error(`a test may not reach ${url}`);
    const sent = {...Object.fromEntries(new Headers(headers)), Host: url.hostname};
    return new Promise((resolve, reject) => {
        const options = {port, path: url.pathname + url.search, method, headers: sent};
        const request = http.request(options, answer => {
            const chunks = [];
            answer.on('data', chunk => chunks.push(chunk));
            answer.on('end', () => resolve(
                new Response(Buffer.concat(chunks), {status: answer.statusCode})));
        });
        request.on('error', reject);
        request.end(body);
    });
};

const require = createRequire(path.join(home, 'package.json'));
const VirtualMachine = require('scratch-vm');
const {ScratchStorage} = require('scratch-storage');

const logIn = async () => {
    const answer = await fetch('https://scratch.mit.edu/login/', {
        method: 'POST',
        headers: {'X-CSRFToken': 'a', 'Cookie': 'scratchcsrftoken=a'},
        body: JSON.stringify({username, password})
    });
    return (await answer.json())[0].token;
};

const main = async () => {
    const headers = {'X-Token': await logIn()};
    const told = await (await fetch(`https://api.scratch.mit.edu/projects/${projectId}`)).json();
    const storage = new ScratchStorage();
    const {Project, ImageVector, ImageBitmap, Sound} = storage.AssetType;
    const projects = 'https://projects.scratch.mit.edu', assets = 'https://assets.scratch.mit.edu';
    storage.addWebStore([Project],
        ({assetId}) => `${projects}/${assetId}?token=${told.project_token}`,
        () => ({url: projects, method: 'post', headers}),
        ({assetId}) => ({url: `${projects}/${assetId}`, method: 'put', headers}));
    const upload = ({assetId, dataFormat}) => ({
        url: `${assets}/${assetId}.${dataFormat}`, method: 'post', headers
    });
    storage.addWebStore([ImageVector, ImageBitmap, Sound],
        ({assetId, dataFormat}) => `${assets}/internalapi/asset/${assetId}.${dataFormat}/get/`,
        upload, upload);

    const vm = new VirtualMachine();
    vm.attachStorage(storage);
    const loaded = await storage.load(Project, projectId, storage.DataFormat.JSON);
    await vm.loadProject(loaded.data);
    const costumes = vm.runtime.targets.flatMap(target => target.getCostumes());

    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="2" height="2"/>');
    const picture = storage.createAsset(ImageVector, storage.DataFormat.SVG, svg, null, true);
    await storage.store(ImageVector, storage.DataFormat.SVG, svg, picture.assetId);
    vm.runtime.getTargetForStage().createVariable('mark', 'saved by the VM', '');
    await storage.store(Project, storage.DataFormat.JSON, vm.toJSON(), projectId);

    console.log(JSON.stringify({
        pictures: costumes.filter(costume => costume.asset && costume.asset.data.length).length,
        costumes: costumes.length,
        uploaded: `${picture.assetId}.svg`
    }));
    process.exit(0);
};

main().catch(error => {
    console.error(error);
    process.exit(1);
});
