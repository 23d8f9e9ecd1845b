// A thread of the engine: reads stretches of files and works them out as chunks, so that an import doesn't hold the engine up.
import { parentPort } from 'node:worker_threads';
import { giveRoom } from '../ingest/storing/rooms.ts';
import type { ReaderMessage } from '../ingest/storing/threads/pool.ts';
import { roomsOf } from '../ingest/storing/threads/rooms.ts';
import { readStretch } from '../ingest/storing/threads/stretch.ts';

parentPort?.on('message', (message: ReaderMessage) => {
  if ('rooms' in message) for (const room of message.rooms) giveRoom(room);
  else {
    const { file, from, to, isStart } = message.order;
    const stretch = readStretch(file, from, to, isStart);
    parentPort?.postMessage(stretch, roomsOf(stretch));
  }
});
