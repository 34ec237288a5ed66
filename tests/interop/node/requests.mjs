// Asks a bot for things, from a project in the official VM: HOME PORT USER PASSWORD REQUESTS LOST.
// LOST are the values of answers, by their number, that do not arrive. Another project's JSON can be
// given behind them; it must react to "ask" and count "asked" as the one here.
import {readFileSync} from 'node:fs';

import {project} from './sprite.mjs';
import {pause, start} from './vm.mjs';

const [home, port, username, password, requests, lost, file] = process.argv.slice(2);
const PATIENCE = 30000;

const main = async () => {
    let heard = 0, greeted = false;
    const {vm, errors} = await start({
        home, port, username, password, projectId: '105',
        project: file ? JSON.parse(readFileSync(file, 'utf8')) : project,
        hear: line => {
            const packet = JSON.parse(line);
            if (packet.name === '☁ FROM_HOST_9') greeted = true;
            if (!/FROM_HOST.*\./.test(`${packet.name}${packet.value}`)) return true;
            heard += 1;
            return !JSON.parse(lost).includes(heard - 1);
        }
    });
    const stage = vm.runtime.getTargetForStage();
    const named = name => Object.values(stage.variables).find(one => one.name === name);
    while (!greeted) await pause(20);
    vm.greenFlag();
    await pause(500);
    const answers = [];
    for (const request of JSON.parse(requests)) {
        const before = Number(named('asked').value), started = performance.now();
        named('ask').value = request;
        vm.runtime.startHats('event_whenbroadcastreceived', {BROADCAST_OPTION: 'ask'});
        while (Number(named('asked').value) === before && performance.now() - started < PATIENCE) {
            await pause(10);
        }
        answers.push({
            lines: named('response').value.map(String),
            took: Math.round(performance.now() - started)
        });
    }
    vm.stopAll();
    console.log(JSON.stringify({answers, heard, errors}));
    process.exit(0);
};

main().catch(error => {
    console.error(error);
    process.exit(1);
});
