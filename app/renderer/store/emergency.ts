/** Numbers for help: no rule touches them, also where they are dialled with a prefix for leaving the house. */

/** Known to every telephone, or in so many countries that nobody should lose them abroad. */
const EVERYWHERE = ['112', '911', '999', '000'];

const BY_COUNTRY: Readonly<Record<string, readonly string[]>> = {
  AT: ['122', '133', '140', '144'],
  AU: ['106'],
  BE: ['100', '101'],
  BG: ['150', '160', '166'],
  BR: ['190', '192', '193'],
  BY: ['101', '102', '103', '104'],
  CH: ['117', '118', '143', '144', '1414'],
  CN: ['110', '119', '120', '122'],
  CZ: ['150', '155', '156', '158'],
  DE: ['110'],
  ES: ['061', '062', '080', '085', '088', '091', '092'],
  FR: ['15', '17', '18', '114', '115', '119', '196'],
  GE: ['111', '113'],
  GR: ['100', '108', '166', '199'],
  HR: ['192', '193', '194', '195'],
  HU: ['104', '105', '107'],
  IL: ['100', '101', '102'],
  IN: ['100', '101', '102', '108'],
  IT: ['113', '115', '118', '1530'],
  JP: ['110', '118', '119'],
  KR: ['113', '119'],
  KZ: ['101', '102', '103', '104'],
  NO: ['110', '113'],
  NZ: ['111'],
  PL: ['986', '997', '998', '999'],
  RS: ['192', '193', '194'],
  RU: ['101', '102', '103', '104'],
  SI: ['113'],
  SK: ['150', '155', '158'],
  TR: ['110', '155', '156'],
  UA: ['101', '102', '103', '104'],
  ZA: ['10111', '10177'],
};

/** @param country such as `CZ`; undefined where nobody knows */
export const isEmergency = (number: string, country: string | undefined): boolean =>
  EVERYWHERE.includes(number) || (country !== undefined && (BY_COUNTRY[country]?.includes(number) ?? false));
