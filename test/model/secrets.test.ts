import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isSecretName, MASK, maskSecrets, maskText } from '../../src/model/secrets.ts';

describe('names', () => {
  test.each(
    'password DB_PASSWORD PGPASSWORD POSTGRES_PASS db_pwd dbPwd adminPassword secret CLIENT_SECRET clientSecret token API_TOKEN apiKey API_KEY AWS_SECRET_ACCESS_KEY accessKey private_key privateKey tls.key-passphrase credentials Authorization Cookie .dockerconfigjson auth REGISTRY_AUTH client-key-data ENCRYPTION_KEY VAULT_SECRET_ID'.split(
      ' ',
    ),
  )('%s is secret', name => expect(isSecretName(name)).toBe(true));

  test.each(
    'name PWD OLDPWD image POSTGRES_PASSWORD_FILE secretName secretKeyRef imagePullSecretsRef tokenExpirationSeconds SECRET_NAME SecretID SecretName key compass passthrough author authority keyboard HOME AUTHOR password_min_length'.split(
      ' ',
    ),
  )('%s is not', name => expect(isSecretName(name)).toBe(false));
});

describe('maskSecrets', () => {
  test('masks what stands under a secret name', () => {
    expect(maskSecrets({ user: 'ops', password: 'hunter2', pin: { token: 7 }, tokens: ['a', 'b'] })).toEqual({
      user: 'ops',
      password: MASK,
      pin: { token: MASK },
      tokens: [MASK, MASK],
    });
  });

  test('keeps references to secrets readable', () => {
    const spec = {
      imagePullSecrets: [{ name: 'registry' }],
      automountServiceAccountToken: true,
      volumes: [
        { name: 'v', secret: { secretName: 'db', defaultMode: 420, items: [{ key: 'password', path: 'pw' }] } },
        { name: 't', projected: { sources: [{ serviceAccountToken: { expirationSeconds: 3607, path: 'token' } }] } },
      ],
      env: [{ name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } }],
      Secrets: [{ File: { Name: 'pw', UID: '0', GID: '0', Mode: 292 }, SecretID: 'abc', SecretName: 'pw' }],
    };
    expect(maskSecrets(spec)).toEqual(spec);
  });

  test('masks environments in both forms, and flags', () => {
    expect(
      maskSecrets({
        env: [
          { name: 'DB_PASSWORD', value: 'hunter2' },
          { name: 'DB_HOST', value: 'db' },
          { name: 'DATABASE_URL', value: 'postgres://odoo:hunter2@db/odoo' },
        ],
        Env: ['API_TOKEN=hunter2 with blanks', 'PATH=/bin', 'POSTGRES_PASSWORD_FILE=/run/secrets/pw'],
        args: ['--password', 'hunter2', '--token=hunter2', '--verbose', 'x', '--secret', '--next'],
        httpHeaders: [{ name: 'Authorization', value: 'Bearer hunter2hunter2' }],
      }),
    ).toEqual({
      env: [
        { name: 'DB_PASSWORD', value: MASK },
        { name: 'DB_HOST', value: 'db' },
        { name: 'DATABASE_URL', value: `postgres://odoo:${MASK}@db/odoo` },
      ],
      Env: [`API_TOKEN=${MASK}`, 'PATH=/bin', 'POSTGRES_PASSWORD_FILE=/run/secrets/pw'],
      args: ['--password', MASK, `--token=${MASK}`, '--verbose', 'x', '--secret', '--next'],
      httpHeaders: [{ name: 'Authorization', value: MASK }],
    });
  });

  test('masks all data of a Secret, in a list and as last applied too', () => {
    const secret = { apiVersion: 'v1', kind: 'Secret', data: { 'tls.crt': 'hunter2' }, stringData: { a: 'hunter2' } };
    const annotated = {
      kind: 'Deployment',
      metadata: { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(secret) } },
    };
    const listed = { kind: 'SecretList', items: [{ metadata: { name: 'x' }, type: 'Opaque', data: { a: 'hunter2' } }] };
    for (const value of [secret, annotated, listed])
      expect(JSON.stringify(maskSecrets(value))).not.toContain('hunter2');
    expect(JSON.stringify(maskSecrets(listed))).toContain('"a"');
  });

  test('leaves JSON in strings as it was written when nothing in it is secret', () => {
    const value = { annotations: { status: '{ "a" : 1 }', broken: '{"a":' } };
    expect(maskSecrets(value)).toEqual(value);
  });

  test('a key named __proto__ stays a key', () => {
    const masked = maskSecrets(JSON.parse('{"__proto__":{"password":"hunter2"}}'));
    expect(JSON.stringify(masked)).toBe(`{"__proto__":{"password":"${MASK}"}}`);
  });
});

describe('maskText', () => {
  test.each([
    ['dial postgres://odoo:hun/ter@db', 'dial postgres://odoo:hun/ter@db'],
    ['dial postgres://odoo:hunt@er2@db:5432/x failed', `dial postgres://odoo:${MASK}@db:5432/x failed`],
    ['redis://:hunter2@cache', `redis://:${MASK}@cache`],
    ['https://ghp_hunter2@example.org/x.git', `https://${MASK}@example.org/x.git`],
    ['docker-pullable://registry:5000/app@sha256:00ff', 'docker-pullable://registry:5000/app@sha256:00ff'],
    ['host=db password=hunter2 user=odoo', `host=db password=${MASK} user=odoo`],
    ["host=db password='hun ter2' user=odoo", `host=db password='${MASK}' user=odoo`],
    ['Server=db;Password=hunter2;User=odoo', `Server=db;Password=${MASK};User=odoo`],
    ['GET /x?token=hunter2&y=1', `GET /x?token=${MASK}&y=1`],
    ['sent {"password":"hun\\"ter2","a":1}', `sent {"password":"${MASK}","a":1}`],
    ['Authorization: Bearer hunter2hunter2', `Authorization: ${MASK}`],
    ['got bearer hunter2hunter2.', `got bearer ${MASK}`],
    ['a: 1\n  db_password: hun ter2\nb: 2', `a: 1\n  db_password: ${MASK}\nb: 2`],
    ['key:\n  secret: |\n    hunter2\n    more\nb: 2', `key:\n  secret: ${MASK}\nb: 2`],
    ['it is eyJhbGciOi.eyJzdWIi.c2ln here', `it is ${MASK} here`],
    ['-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\nend', `${MASK}\nend`],
    ['basic authentication failed', 'basic authentication failed'],
    ['invalid bearer token, token expired', 'invalid bearer token, token expired'],
    ['secret "db" not found', 'secret "db" not found'],
  ])('%s', (text, masked) => expect(maskText(text)).toBe(masked));

  test('stays fast on long hostile text', () => {
    const hostile = ['a'.repeat(300_000), 'a-'.repeat(150_000), '-eyJaaaaaa'.repeat(30_000), 'token: '.repeat(40_000)];
    for (const text of hostile) {
      const before = process.cpuUsage();
      maskText(text);
      expect(process.cpuUsage(before).user).toBeLessThan(1_000_000);
    }
  });
});

describe('for any JSON', () => {
  const SECRET = 'hunter2-0f9e8d';
  const secretKey = fc.constantFrom('password', 'API_TOKEN', 'clientSecret', 'credentials', 'Authorization');
  const holder = fc.oneof(
    secretKey.map(key => ({ [key]: SECRET })),
    secretKey.map(name => ({ name, value: SECRET })),
    secretKey.map(name => `${name}=${SECRET}`),
    secretKey.map(key => JSON.stringify({ deep: [{ [key]: SECRET }] })),
    fc.constant(`postgres://odoo:${SECRET}@db/odoo`),
  );
  const tree = fc.letrec(tie => ({
    node: fc.oneof(
      { maxDepth: 5 },
      holder,
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(fc.string(), tie('node'), { maxKeys: 3 }),
      fc.jsonValue({ maxDepth: 2 }),
    ),
  })).node;

  test('no secret comes through, whatever stands around it', () => {
    fc.assert(fc.property(tree, value => !JSON.stringify(maskSecrets(value))?.includes(SECRET)));
  });

  test('the input stays as it is, and masking twice is masking once', () => {
    fc.assert(
      fc.property(tree, value => {
        const before = JSON.stringify(value);
        const once = maskSecrets(value);
        expect(JSON.stringify(value)).toBe(before);
        expect(maskSecrets(once)).toEqual(once);
      }),
    );
  });
});
