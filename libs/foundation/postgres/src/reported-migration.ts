import type { MigrationInterface, QueryRunner } from 'typeorm';

type MigrationClass = new () => MigrationInterface;

/** The migration, saying when it starts and how long it took. TypeORM tells by its log only, and only afterwards. */
export function reportedMigration(migration: MigrationClass, report: (message: string) => void): MigrationClass {
  const timed = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    report(`${what} ${migration.name}`);
    const startedAt = performance.now();
    await work();
    report(`${what} ${migration.name}: done in ${Math.round(performance.now() - startedAt)} ms`);
  };
  const Reported = class extends migration {
    override up(runner: QueryRunner): Promise<void> {
      return timed('applying', () => super.up(runner));
    }
    override down(runner: QueryRunner): Promise<void> {
      return timed('undoing', () => super.down(runner));
    }
  };
  // TypeORM goes by the name of the class where the migration has none of its own.
  return Object.defineProperty(Reported, 'name', { value: migration.name });
}
