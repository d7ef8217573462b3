export interface DemoQuery {
  question: string;
  cypher: string;
}

/** Questions to the graph that have answers on the demo's estate. */
export const demoQueries: readonly DemoQuery[] = [
  {
    question: 'Which accounts are in which organizational unit?',
    cypher:
      'MATCH (a:AWSAccount)-[:PARENT]->(u:AWSOrganizationalUnit) RETURN u.name AS unit, collect(a.name) AS accounts ORDER BY unit;',
  },
  {
    question: 'Which instances run with a role, and what may it do?',
    cypher:
      'MATCH (i:AWSEC2Instance)-[:ASSUMES]->(r:AWSRole)-[:POLICY]->(p:AWSPolicy) RETURN r.name AS role, p.name AS policy, count(i) AS instances ORDER BY instances DESC LIMIT 10;',
  },
  {
    question: 'Which security groups let the whole internet in, and how many instances are behind them?',
    cypher:
      "MATCH (:AWSIpRange {id: '0.0.0.0/0'})-[:MEMBER_OF_IP_RULE]->(r:AWSIpPermissionInbound)-[:MEMBER_OF_EC2_SECURITY_GROUP]->(g:AWSEC2SecurityGroup) OPTIONAL MATCH (i:AWSEC2Instance)-[:MEMBER_OF_EC2_SECURITY_GROUP]->(g) RETURN g.name AS group, r.fromport AS port, count(DISTINCT i) AS instances ORDER BY instances DESC LIMIT 10;",
  },
];
