/** Loaded before a program (`node --import`): one in twenty of the datagrams it sends goes nowhere, as in a bad network. */
import { Socket } from 'node:dgram';

const LOST = 1 / 20;
const { send } = Socket.prototype;

Socket.prototype.send = function sendOrLose(...words) {
  if (Math.random() >= LOST) return send.apply(this, words);
  const told = words.at(-1);
  if (typeof told === 'function') setImmediate(told, null);
};
