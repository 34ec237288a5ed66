// Asks Scratch's API through the proxy that HTTPS_PROXY names, as proxy agents do.
import http from "node:http";
import https from "node:https";

const proxy = new URL(process.env.HTTPS_PROXY);
const connect = http.request({
  host: proxy.hostname,
  port: proxy.port,
  method: "CONNECT",
  path: "api.scratch.mit.edu:443",
});
connect.on("connect", (answer, socket) => {
  if (answer.statusCode !== 200) throw new Error(`the proxy says ${answer.statusCode}`);
  const options = {host: "api.scratch.mit.edu", path: "/projects/104", socket, agent: false};
  https.get(options, reply => {
    reply.on("data", data => process.stdout.write(data));
    reply.on("end", () => process.exit(0));
  });
});
connect.end();
