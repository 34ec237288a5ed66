// A project that sends cloud requests, written to the protocol: when it receives "ask", it asks for
// the variable "ask", gathers the packets of the answer, asks again for those that are missing, puts
// the lines into the list "response" and counts "asked".
const CHARACTERS = '1234567890 aAbBcCdDeEfFgGhHiIjJkKlLmMnNoOpPqQrRsStTuUvVwWxXyYzZ*/.,!"§$%_-(´)`?\n@#~;:+&|^\'';
const LINE_END = 'line end';
const PIECE = 245;
const ANSWERS = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(number => `☁ FROM_HOST_${number}`);

// Blocks are written as nested values and laid out flat, as projects hold them.
const block = (opcode, inputs = {}, fields = {}, mutation = null) => ({opcode, inputs, fields, mutation});
const variable = name => ({variable: name});
const join = (first, ...rest) => (rest.length ?
    block('operator_join', {STRING1: first, STRING2: join(...rest)}) : first);
const letter = (number, text) => block('operator_letter_of', {LETTER: number, STRING: text});
const length = text => block('operator_length', {STRING: text});
const minus = (left, right) => block('operator_subtract', {NUM1: left, NUM2: right});
const equal = (left, right) => block('operator_equals', {OPERAND1: left, OPERAND2: right});
const less = (left, right) => block('operator_lt', {OPERAND1: left, OPERAND2: right});
const both = (left, right) => block('operator_and', {OPERAND1: left, OPERAND2: right});
const not = one => block('operator_not', {OPERAND: one});
const within = (text, part) => block('operator_contains', {STRING1: text, STRING2: part});
const set = (name, value) => block('data_setvariableto', {VALUE: value}, {VARIABLE: name});
const change = (name, value) => block('data_changevariableby', {VALUE: value}, {VARIABLE: name});
const clear = list => block('data_deletealloflist', {}, {LIST: list});
const add = (list, item) => block('data_addtolist', {ITEM: item}, {LIST: list});
const replace = (list, index, item) =>
    block('data_replaceitemoflist', {INDEX: index, ITEM: item}, {LIST: list});
const item = (list, index) => block('data_itemoflist', {INDEX: index}, {LIST: list});
const place = (list, value) => block('data_itemnumoflist', {ITEM: value}, {LIST: list});
const count = list => block('data_lengthoflist', {}, {LIST: list});
const holds = (list, value) => block('data_listcontainsitem', {ITEM: value}, {LIST: list});
const repeat = (times, ...body) => block('control_repeat', {TIMES: times, SUBSTACK: body});
const until = (condition, ...body) =>
    block('control_repeat_until', {CONDITION: condition, SUBSTACK: body});
const when = (condition, body, other = null) => block(other ? 'control_if_else' : 'control_if', {
    CONDITION: condition, SUBSTACK: body, ...(other && {SUBSTACK2: other})
});
const wait = seconds => block('control_wait', {DURATION: seconds});
const wear = costume => block('looks_switchcostumeto', {COSTUME: costume});
const costume = what => block('looks_costumenumbername', {}, {NUMBER_NAME: what});
const signature = name => ({
    tagName: 'mutation', children: [], proccode: name, argumentids: '[]', argumentnames: '[]',
    argumentdefaults: '[]', warp: 'true'
});
const call = name => block('procedures_call', {}, {}, signature(name));
const define = name => block('procedures_definition', {
    custom_block: block('procedures_prototype', {}, {}, signature(name))
});

const from_end = (text, number) => letter(minus(length(text), number), text);
const id = join('.', variable('id'));

const SCRIPTS = [
    [
        define('encode'),
        set('digits', ''),
        set('at', '0'),
        repeat(length(variable('ask')),
            change('at', '1'),
            wear(join('=', letter(variable('at'), variable('ask')))),
            set('digits', join(variable('digits'), costume('number'))))
    ],
    [
        define('cut'),
        clear('pieces'),
        set('piece', ''),
        set('at', '0'),
        repeat(length(variable('digits')),
            when(equal(length(variable('piece')), String(PIECE)),
                [add('pieces', variable('piece')), set('piece', '')]),
            change('at', '1'),
            set('piece', join(variable('piece'), letter(variable('at'), variable('digits')))))
    ],
    [
        // The end is the packet's number and a one, or four digits whose last is a two.
        define('take'),
        add('taken', join('=', variable('value'))),
        when(equal(from_end(variable('value'), '0'), '1'), [
            set('at', join(from_end(variable('value'), '3'), from_end(variable('value'), '2'),
                from_end(variable('value'), '1'))),
            until(not(less(count('packets'), variable('at'))), add('packets', '')),
            replace('packets', variable('at'), join('=', variable('value')))
        ], [
            set('last', join('=', variable('value')))
        ])
    ],
    [
        define('decode'),
        add('packets', variable('last')),
        set('digits', ''),
        set('text', ''),
        set('at', '1'),
        repeat(count('packets'),
            set('value', item('packets', variable('at'))),
            change('at', '1'),
            set('piece', '2'),
            until(equal(letter(variable('piece'), variable('value')), '.'),
                set('digits', join(variable('digits'), letter(variable('piece'), variable('value')))),
                change('piece', '1'))),
        when(equal(from_end(variable('last'), '3'), '3'), [add('response', variable('digits'))], [
            set('at', '1'),
            until(less(length(variable('digits')), variable('at')),
                wear(join(letter(variable('at'), variable('digits')),
                    letter(minus(variable('at'), '-1'), variable('digits')))),
                change('at', '2'),
                when(equal(costume('name'), LINE_END),
                    [add('response', variable('text')), set('text', '')],
                    [set('text', join(variable('text'), letter('2', costume('name'))))])),
            when(not(equal(variable('text'), '')), [add('response', variable('text'))])
        ])
    ],
    [
        block('event_whenbroadcastreceived', {}, {BROADCAST_OPTION: 'ask'}),
        ...['taken', 'packets', 'response'].map(clear),
        set('last', ''),
        set('id', join(block('operator_random', {FROM: '10001', TO: '99999'}), '0')),
        call('encode'),
        call('cut'),
        repeat(count('pieces'),
            set('☁ TO_HOST', join('-', item('pieces', '1'), id)),
            block('data_deleteoflist', {INDEX: '1'}, {LIST: 'pieces'}),
            wait('0.1')),
        set('☁ TO_HOST', join(variable('piece'), id)),
        until(both(not(equal(variable('last'), '')), not(holds('packets', ''))),
            ...ANSWERS.map(name => when(
                both(within(variable(name), id), not(holds('taken', join('=', variable(name))))),
                [set('value', variable(name)), call('take')])),
            when(both(not(equal(variable('last'), '')), holds('packets', '')), [
                set('☁ TO_HOST', join(minus(place('packets', ''), '1'), id, '9')),
                wait('0.1')
            ])),
        call('decode'),
        change('asked', '1')
    ]
];

const CONDITIONS = ['CONDITION', 'OPERAND', 'SUBSTACK', 'SUBSTACK2', 'custom_block'];
const BOOLEAN = ['operator_equals', 'operator_lt', 'operator_and', 'operator_not',
    'operator_contains', 'data_listcontainsitem'];

const laid = {};
let made = 0;

const layInput = (name, value, parent) => {
    if (typeof value === 'string') return [1, [10, value]];
    if (value.variable) return [3, [12, value.variable, value.variable], [10, '']];
    const first = Array.isArray(value) ? layAll(value, parent) : lay(value, parent, null);
    if (value.opcode === 'procedures_prototype') return [1, first];
    return CONDITIONS.includes(name) || BOOLEAN.includes(value.opcode) ?
        [2, first] : [3, first, [10, '']];
};

const lay = ({opcode, inputs, fields, mutation}, parent, next) => {
    const name = `block${made++}`;
    laid[name] = {
        opcode,
        parent,
        next,
        inputs: Object.fromEntries(Object.entries(inputs).map(
            ([key, value]) => [key, layInput(key, value, name)])),
        fields: Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, [value, value]])),
        shadow: opcode === 'procedures_prototype',
        topLevel: parent === null,
        x: 0,
        y: 0,
        ...(mutation && {mutation})
    };
    return name;
};

const layAll = (blocks, parent = null) => {
    const names = [];
    for (const each of blocks) {
        const name = lay(each, names.at(-1) ?? parent, null);
        if (names.length) laid[names.at(-1)].next = name;
        names.push(name);
    }
    return names[0];
};

const picture = name => ({
    name, dataFormat: 'svg', assetId: 'cd21514d0531fdffb22204e0ec5ed84a',
    md5ext: 'cd21514d0531fdffb22204e0ec5ed84a.svg', rotationCenterX: 0, rotationCenterY: 0
});
const dressed = character => picture(character === '\n' ? LINE_END : `=${character}`);
const target = {comments: {}, currentCostume: 0, sounds: [], volume: 100};
const words = ['ask', 'asked', 'id', 'digits', 'at', 'piece', 'value', 'last', 'text'];
const clouds = ['☁ TO_HOST', ...ANSWERS];
const lists = ['pieces', 'taken', 'packets', 'response'];

SCRIPTS.forEach(script => layAll(script));

export const project = {
    targets: [{
        ...target,
        isStage: true,
        name: 'Stage',
        variables: Object.fromEntries([
            ...words.map(name => [name, [name, 0]]), ...clouds.map(name => [name, [name, 0, true]])
        ]),
        lists: Object.fromEntries(lists.map(name => [name, [name, []]])),
        broadcasts: {ask: 'ask'},
        blocks: {},
        costumes: [picture('backdrop1')],
        layerOrder: 0,
        tempo: 60
    }, {
        ...target,
        isStage: false,
        name: 'Requests',
        variables: {},
        lists: {},
        broadcasts: {},
        blocks: laid,
        costumes: [
            ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map(number => picture(`none ${number}`)),
            ...[...CHARACTERS].map(dressed)
        ],
        layerOrder: 1,
        visible: true,
        x: 0,
        y: 0,
        size: 100,
        direction: 90,
        draggable: false,
        rotationStyle: 'all around'
    }],
    monitors: [],
    extensions: [],
    meta: {semver: '3.0.0', vm: '0.2.0', agent: ''}
};
