import type { Option } from '../ast/option.ts';
import type { Rpc, Service } from '../ast/service.ts';
import { parseOptionStatement } from './parse-option.ts';
import type { TokenStream } from './token-stream.ts';

/** `service Name { … }` */
export function parseService(stream: TokenStream): Service {
  stream.countNode();
  const at = stream.at();
  stream.expect('service');
  const name = stream.identifier('the name of a service');
  const options: Option[] = [];
  const rpcs: Rpc[] = [];
  stream.expect('{');
  while (!stream.take('}')) {
    if (stream.take(';')) continue;
    if (stream.looksAt('option')) options.push(parseOptionStatement(stream));
    else rpcs.push(parseRpc(stream));
  }
  return { name, options, rpcs, at };
}

function parseRpc(stream: TokenStream): Rpc {
  stream.countNode();
  const at = stream.at();
  stream.expect('rpc');
  const name = stream.identifier('the name of an rpc');
  const request = parseRpcType(stream);
  stream.expect('returns');
  const response = parseRpcType(stream);
  return {
    name,
    requestType: request.type,
    requestStreaming: request.streaming,
    responseType: response.type,
    responseStreaming: response.streaming,
    options: parseRpcOptions(stream),
    at,
  };
}

function parseRpcType(stream: TokenStream): { type: string; streaming: boolean } {
  stream.expect('(');
  // A type may itself be called stream.
  const streaming = stream.looksAt('stream') && stream.peekSecond().text !== ')' && stream.take('stream');
  const type = stream.dottedName('the name of a message', { leadingDot: true });
  stream.expect(')');
  return { type, streaming };
}

function parseRpcOptions(stream: TokenStream): Option[] {
  const options: Option[] = [];
  if (stream.take(';')) return options;
  stream.expect('{');
  while (!stream.take('}')) if (!stream.take(';')) options.push(parseOptionStatement(stream));
  return options;
}
