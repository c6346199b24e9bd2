import { Controller, Get, ServiceUnavailableException } from '@nestjs/common';
import { TidemarkServer } from '#libs/sdk/nest';

@Controller('health')
export class HealthController {
  constructor(private readonly server: TidemarkServer) {}

  /** 200 once the service has its partitions and has caught up; else 503 with what is missing. */
  @Get('ready')
  ready(): object {
    const { ready, state, troubles } = this.server.health();
    if (!ready) throw new ServiceUnavailableException({ state, troubles });
    return { state };
  }
}
