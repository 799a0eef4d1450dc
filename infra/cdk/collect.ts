// Collect as a construct: what template.yaml says, with what is deployed of this checkout as assets.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { CfnFunction, CfnStateMachine } from 'aws-cdk-lib/aws-sam';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import { template } from './template.ts';

const ROOT = resolve(import.meta.dirname, '../..');

export interface CollectProps {
  /** Values of the template's parameters that are known here. `cdk deploy --parameters` gives any. */
  readonly parameters?: Record<string, string>;
  /** Where the checkout is that `cargo lambda build --release` was run in. This one, unless given. */
  readonly root?: string;
}

/** Everything that template.yaml has; one for each stack. */
export class Collect extends Construct {
  readonly included: CfnInclude;

  constructor(scope: Construct, id: string, props: CollectProps = {}) {
    super(scope, id);
    const root = props.root ?? ROOT;
    const said = template(join(ROOT, 'template.yaml'));
    this.included = include(this, said);
    // Not replaced: what stands in `Globals` goes on referring to them.
    for (const [name, value] of Object.entries(props.parameters ?? {})) {
      this.included.getParameter(name).default = value;
    }
    for (const [name, resource] of Object.entries(said.Resources)) {
      const { Type: type, Properties: properties } = resource as { Type: string; Properties: Record<string, string> };
      const asset = (path: string) => {
        const { s3BucketName: bucket, s3ObjectKey: key } = new Asset(this, `${name}Asset`, { path: join(root, path) });
        return { bucket, key };
      };
      if (type === 'AWS::Serverless::Function') {
        (this.included.getResource(name) as CfnFunction).codeUri = asset(properties.CodeUri);
      } else if (type === 'AWS::Serverless::StateMachine') {
        (this.included.getResource(name) as CfnStateMachine).definitionUri = asset(properties.DefinitionUri);
      }
    }
  }

  /** An output of the template: `ApiUrl`. */
  output(name: string): string {
    return this.included.getOutput(name).value;
  }
}

/** The CDK reads a template of a file, and of JSON without aliases at once. */
function include(scope: Construct, said: unknown): CfnInclude {
  const folder = mkdtempSync(join(tmpdir(), 'collect-'));
  try {
    const templateFile = join(folder, 'template.json');
    writeFileSync(templateFile, JSON.stringify(said));
    return new CfnInclude(scope, 'Template', { templateFile });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
