/** One string per partition, for maps. Names of topics have no slash. */
export function partitionKeyOf(place: { readonly topic: string; readonly partition: number }): string {
  return `${place.topic}/${place.partition}`;
}
