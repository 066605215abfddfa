import { Region } from './local/world/region/region.ts';
import { Timeline } from './local/world/timeline.ts';
import { Random } from './local/world/random.ts';
import { Pacer } from './local/world/pacer.ts';
import { ShellExecutor } from './local/endpoint/shell-executor.ts';
import { startEndpoint } from './local/endpoint/server.ts';
import dynalite from 'dynalite';
const timeline = new Timeline(Date.now()/1000);
const executor = new ShellExecutor({ root: '/tmp/region-try', path: process.env['PATH'] ?? '' });
const region = new Region({ timeline, random: new Random(1), executor, nodes: [{ instanceId: 'i-0123456789abcdef0', tags: { Name: 'hydra' } }] });
const db = dynalite({ createTableMs: 0 });
db.listen(0, '127.0.0.1', async () => {
  const ep = await startEndpoint({ region, dynamoDbUrl: `http://127.0.0.1:${db.address().port}`, port: 4577 });
  new Pacer(timeline, { speed: Number(process.argv[2] ?? 10), milliseconds: () => performance.now() }).start();
  console.log(ep.url);
});
