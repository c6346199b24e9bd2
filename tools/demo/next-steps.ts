export interface Addresses {
  readonly relayUrl: string;
  readonly ordersUrl: string;
  readonly databaseUrl: string;
}

const RELAY_URL = 'http://127.0.0.1:8082';

/** Commands to try while everything is up. */
export function nextSteps({ relayUrl, ordersUrl, databaseUrl }: Addresses): string[] {
  const order = `{"customerId":"you","lines":[{"sku":"tea-small","quantity":2}]}`;
  const tidemark = `${relayUrl === RELAY_URL ? '' : `TIDEMARK_URL=${relayUrl} `}npm run --silent tidemark --`;
  return [
    '  the relay',
    `    curl -s ${relayUrl}/v1/topics`,
    `    curl -s '${relayUrl}/v1/topics/stock.changed/partitions/0/records?offset=0&limit=3'`,
    `    curl -s ${relayUrl}/v1/sequencer`,
    `    ${tidemark} status`,
    `    ${tidemark} tail orders.placed`,
    '  the shop, and what the tail then shows',
    `    curl -s ${ordersUrl}/orders -H 'content-type: application/json' -d '${order}'`,
    `    curl -s ${ordersUrl}/reports/customers/you`,
    '  shipping, and what it gave up on',
    `    ${tidemark} tail orders.shipped.shipping.dlq --from earliest --headers`,
    '  the database',
    `    psql '${databaseUrl}' -c 'select * from orders_view.revenue_by_day'`,
    `    psql '${databaseUrl}' -c 'select * from shipping.carrier_account'`,
  ];
}
