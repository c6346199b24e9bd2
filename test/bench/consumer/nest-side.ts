import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern, type KafkaOptions, Transport } from '@nestjs/microservices';
import type { Consuming, ConsumerSide } from './consuming.ts';
import { takeEffectAlone } from './effect.ts';

/** Nest's own Kafka transport with its defaults, values as bytes, and a transaction of its own for each message. */
export function nestSide(bootstrap: string, topic: string): ConsumerSide {
  return {
    name: "Nest's Transport.KAFKA",
    start: async (consuming) => {
      const options: KafkaOptions['options'] = {
        client: { brokers: [bootstrap] },
        consumer: { groupId: consuming.group },
        parser: { keepBinary: true },
        subscribe: { fromBeginning: true },
        run: { partitionsConsumedConcurrently: consuming.concurrency },
      };
      const app = await NestFactory.createMicroservice<KafkaOptions>(moduleOf(topic, consuming), {
        transport: Transport.KAFKA,
        options,
        logger: false,
      });
      await app.listen();
      return { stop: () => app.close() };
    },
  };
}

/** Decorators are called as functions: this is run without a compiler. */
function moduleOf(topic: string, { pool, effect, numberOf, handled, failed }: Consuming): new () => object {
  class Orders {
    async placed(value: Buffer): Promise<void> {
      try {
        const n = numberOf(value);
        await takeEffectAlone(pool, effect, [n]);
        handled(n);
      } catch (error) {
        failed(error);
        throw error;
      }
    }
  }
  class Shop {}
  EventPattern(topic)(Orders.prototype, 'placed', Object.getOwnPropertyDescriptor(Orders.prototype, 'placed')!);
  Controller()(Orders);
  Module({ controllers: [Orders] })(Shop);
  return Shop;
}
