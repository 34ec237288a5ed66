// Plays with everybody else in the official VM: HOME PORT USER PASSWORD VARIABLE ALL [cookie].
// Counts a variable up until foo is 1, and tells what all the others hold when foo is 2.
import {pause, start} from './vm.mjs';

const [home, port, username, password, own, all, form] = process.argv.slice(2);
const names = JSON.parse(all);

const block = (opcode, {parent = null, next = null, inputs = {}, fields = {}} = {}) => ({
    opcode, parent, next, inputs, fields, shadow: false, topLevel: parent === null, x: 0, y: 0
});
const project = {
    targets: [{
        isStage: true,
        name: 'Stage',
        variables: Object.fromEntries(names.map(name => [name, [`☁ ${name}`, 0, true]])),
        lists: {},
        broadcasts: {},
        comments: {},
        blocks: {
            flag: block('event_whenflagclicked', {next: 'repeat'}),
            repeat: block('control_repeat_until', {
                parent: 'flag', inputs: {CONDITION: [2, 'over'], SUBSTACK: [2, 'change']}
            }),
            over: block('operator_equals', {
                parent: 'repeat',
                inputs: {OPERAND1: [3, [12, '☁ foo', 'foo'], [10, '0']], OPERAND2: [1, [10, '1']]}
            }),
            change: block('data_changevariableby', {
                parent: 'repeat',
                next: 'wait',
                inputs: {VALUE: [1, [4, '1']]},
                fields: {VARIABLE: [`☁ ${own}`, own]}
            }),
            wait: block('control_wait', {parent: 'change', inputs: {DURATION: [1, [5, '0.3']]}})
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
    }],
    monitors: [],
    extensions: [],
    meta: {semver: '3.0.0', vm: '0.2.0', agent: ''}
};

const main = async () => {
    let greeted = false;
    const {vm, errors} = await start({
        home, port, username, password, projectId: '104', project, byCookie: form === 'cookie',
        hear: () => (greeted = true)
    });
    const value = name => Number(vm.runtime.getTargetForStage().variables[name].value);
    const until = async condition => {
        while (!condition()) await pause(20);
    };
    await until(() => greeted);
    vm.greenFlag();
    await until(() => value(own) > 0);
    console.log(JSON.stringify({ready: true}));
    await until(() => value('foo') === 1);
    await pause(1000); // the script ends, and the provider sends what it holds back
    console.log(JSON.stringify({last: value(own)}));
    await until(() => value('foo') === 2);
    const view = Object.fromEntries(names.map(name => [name, value(name)]));
    console.log(JSON.stringify({view, errors}));
    process.exit(0);
};

main().catch(error => {
    console.error(error);
    process.exit(1);
});
