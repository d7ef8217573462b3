"""Kinds of assets beyond the core; on request only."""
import json

from values import ZIP, tags


def route53(clients, context):
    r = clients("route53")
    for i in range(context.scaled(2)):
        z = r.create_hosted_zone(Name=f"zone{i}.{context.account}.example.test.", CallerReference=f"ref-{i}")["HostedZone"]["Id"]
        ch = [{"Action": "CREATE", "ResourceRecordSet": {"Name": f"h{j}.zone{i}.{context.account}.example.test.", "Type": "A", "TTL": 60,
               "ResourceRecords": [{"Value": f"10.{i}.0.{j}"}]}} for j in range(10)]
        r.change_resource_record_sets(HostedZoneId=z, ChangeBatch={"Changes": ch})
        context.count("route53_zone")


def cloudfront(clients, context):
    origin = {"Quantity": 1, "Items": [{"Id": "o1", "DomainName": f"data-{context.account}-0.s3.amazonaws.com",
                                        "S3OriginConfig": {"OriginAccessIdentity": ""}}]}
    clients("cloudfront").create_distribution(DistributionConfig={
        "CallerReference": "r1", "Origins": origin, "Comment": "c", "Enabled": True,
        "DefaultCacheBehavior": {"TargetOriginId": "o1", "ViewerProtocolPolicy": "allow-all", "MinTTL": 1,
                                 "ForwardedValues": {"QueryString": False, "Cookies": {"Forward": "none"}}}})
    context.count("cloudfront_distribution")


def tgw(clients, context):
    ec2 = clients("ec2")
    t = ec2.create_transit_gateway(Description="t")["TransitGateway"]["TransitGatewayId"]
    ec2.create_transit_gateway_vpc_attachment(TransitGatewayId=t, VpcId=context.made["vpcs"][0], SubnetIds=[context.made["subnets"][0][0]])
    context.count("tgw")


def elb(clients, context):
    vpc, sgs = context.made["sgs"][0]
    subs = [s for s, v in context.made["subnets"] if v == vpc][:2]
    e = clients("elbv2")
    for i in range(context.scaled(3)):
        lb = e.create_load_balancer(Name=f"alb-{i}", Subnets=subs, SecurityGroups=[sgs[0]], Scheme=["internet-facing", "internal"][i % 2],
                                    Type="application")["LoadBalancers"][0]["LoadBalancerArn"]
        tg = e.create_target_group(Name=f"tg-{i}", Protocol="HTTP", Port=80, VpcId=vpc, TargetType="instance")["TargetGroups"][0]["TargetGroupArn"]
        e.register_targets(TargetGroupArn=tg, Targets=[{"Id": x} for x in context.made["instance_ids"][i * 3:i * 3 + 3]])
        e.create_listener(LoadBalancerArn=lb, Protocol="HTTP", Port=80, DefaultActions=[{"Type": "forward", "TargetGroupArn": tg}])
        context.count("elbv2")
    cl = clients("elb")
    for i in range(context.scaled(1)):
        cl.create_load_balancer(LoadBalancerName=f"clb-{i}", Subnets=[subs[0]], SecurityGroups=[sgs[0]],
                                Listeners=[{"Protocol": "HTTP", "LoadBalancerPort": 80, "InstanceProtocol": "HTTP", "InstancePort": 8080}])
        cl.register_instances_with_load_balancer(LoadBalancerName=f"clb-{i}", Instances=[{"InstanceId": x} for x in context.made["instance_ids"][:2]])
        context.count("elb")


def lambdas(clients, context):
    lam = clients("lambda")
    for i in range(context.scaled(10)):
        lam.create_function(FunctionName=f"fn-{i}", Runtime="python3.12", Role=context.made["roles"][1], Handler="index.handler", Code={"ZipFile": ZIP},
                            Environment={"Variables": {"A": "1"}}, Tags={"env": "prod"}, MemorySize=256, Timeout=10)
        if i % 3 == 0:
            lam.create_alias(FunctionName=f"fn-{i}", Name="live", FunctionVersion="$LATEST")
        context.count("lambda")


def ecr(clients, context):
    e = clients("ecr")
    for i in range(context.scaled(4)):
        e.create_repository(repositoryName=f"app-{i}")
        for j in range(3):
            man = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
                              "config": {"mediaType": "application/vnd.docker.container.image.v1+json", "size": 10,
                                         "digest": "sha256:" + f"{context.random.getrandbits(256):064x}"},
                              "layers": [{"mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip", "size": 5,
                                          "digest": "sha256:" + f"{(i * 3 + j) % 4:064x}"}]})
            e.put_image(repositoryName=f"app-{i}", imageManifest=man, imageTag=f"v{j}")
            context.count("ecr_image")
        context.count("ecr_repo")


def dynamodb(clients, context):
    for i in range(context.scaled(5)):
        clients("dynamodb").create_table(TableName=f"table-{i}", KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
                                   AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "g", "AttributeType": "S"}],
                                   BillingMode="PAY_PER_REQUEST",
                                   GlobalSecondaryIndexes=[{"IndexName": "g", "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}],
                                                            "Projection": {"ProjectionType": "ALL"}}])
        context.count("dynamodb_table")


def sqs(clients, context):
    q = clients("sqs")
    dlq = None
    context.made["queues"] = []
    for i in range(context.scaled(10)):
        attrs = {"VisibilityTimeout": "30"}
        if dlq and i % 2:
            attrs["RedrivePolicy"] = json.dumps({"deadLetterTargetArn": dlq, "maxReceiveCount": "5"})
        url = q.create_queue(QueueName=f"queue-{i}", Attributes=attrs)["QueueUrl"]
        arn = f"arn:aws:sqs:{context.region}:{context.account}:queue-{i}"
        dlq = dlq or arn
        context.made["queues"].append(arn)
        context.count("sqs_queue")


def sns(clients, context):
    s = clients("sns")
    for i in range(context.scaled(5)):
        t = s.create_topic(Name=f"topic-{i}")["TopicArn"]
        s.subscribe(TopicArn=t, Protocol="sqs", Endpoint=context.made["queues"][i % len(context.made["queues"])])
        context.count("sns_topic")


def secrets(clients, context):
    for i in range(context.scaled(5)):
        kw = {"KmsKeyId": context.made["keys"][0]} if context.made.get("keys") and i % 2 else {}
        clients("secretsmanager").create_secret(Name=f"secret-{i}", SecretString="example", **kw)
        context.count("secret")


def ssm(clients, context):
    for i in range(context.scaled(8)):
        clients("ssm").put_parameter(Name=f"/app/p{i}", Value="v", Type=["String", "SecureString"][i % 2])
        context.count("ssm_parameter")


def rds(clients, context):
    r = clients("rds")
    vpc, sgs = context.made["sgs"][0]
    subs = [s for s, v in context.made["subnets"] if v == vpc][:2]
    r.create_db_subnet_group(DBSubnetGroupName="sng", DBSubnetGroupDescription="d", SubnetIds=subs)
    for i in range(context.scaled(4)):
        r.create_db_instance(DBInstanceIdentifier=f"db-{i}", DBInstanceClass="db.m5.large", Engine="postgres", AllocatedStorage=20,
                             MasterUsername="u", MasterUserPassword="password1", DBSubnetGroupName="sng", VpcSecurityGroupIds=[sgs[1]],
                             StorageEncrypted=i % 2 == 0)
        context.count("rds_instance")
    r.create_db_cluster(DBClusterIdentifier="cluster-0", Engine="aurora-postgresql", MasterUsername="u", MasterUserPassword="password1")
    r.create_db_snapshot(DBInstanceIdentifier="db-0", DBSnapshotIdentifier="snap-0")


def ecs(clients, context):
    e = clients("ecs")
    for i in range(context.scaled(1)):
        e.create_cluster(clusterName=f"cl-{i}")
        for j in range(context.scaled(3)):
            e.register_task_definition(family=f"td-{j}", containerDefinitions=[{"name": "c", "image": "img:v1", "memory": 128, "cpu": 10}],
                                       networkMode="awsvpc", taskRoleArn=context.made["roles"][2], executionRoleArn=context.made["roles"][2])
            e.create_service(cluster=f"cl-{i}", serviceName=f"svc-{j}", taskDefinition=f"td-{j}", desiredCount=1, launchType="FARGATE")
            context.count("ecs_service")


def eks(clients, context):
    e = clients("eks")
    e.create_cluster(name="eks-0", version="1.30", roleArn=context.made["roles"][3], resourcesVpcConfig={"subnetIds": [s for s, _ in context.made["subnets"][:2]]})
    e.create_nodegroup(clusterName="eks-0", nodegroupName="ng", subnets=[context.made["subnets"][0][0]], nodeRole=context.made["roles"][0], scalingConfig={"minSize": 1, "maxSize": 2, "desiredSize": 1})
    context.count("eks_cluster")


def elasticache(clients, context):
    for i in range(context.scaled(2)):
        clients("elasticache").create_cache_cluster(CacheClusterId=f"cache-{i}", Engine="redis", CacheNodeType="cache.t3.micro", NumCacheNodes=1)
        context.count("elasticache")


def redshift(clients, context):
    clients("redshift").create_cluster(ClusterIdentifier="rs-0", NodeType="ra3.xlplus", MasterUsername="admin", MasterUserPassword="Passw0rd1", ClusterType="single-node")
    context.count("redshift")


def emr(clients, context):
    clients("emr").run_job_flow(Name="emr-0", ReleaseLabel="emr-6.10.0", Instances={"MasterInstanceType": "m5.xlarge", "InstanceCount": 1, "KeepJobFlowAliveWhenNoSteps": True},
                          JobFlowRole="profile-0", ServiceRole="role-0")
    context.count("emr")


def efs(clients, context):
    f = clients("efs").create_file_system(CreationToken="t")["FileSystemId"]
    clients("efs").create_mount_target(FileSystemId=f, SubnetId=context.made["subnets"][0][0])
    context.count("efs")


def acm(clients, context):
    for i in range(context.scaled(2)):
        clients("acm").request_certificate(DomainName=f"c{i}.example.test")
        context.count("acm")


def apigw(clients, context):
    a = clients("apigateway")
    for i in range(context.scaled(2)):
        api = a.create_rest_api(name=f"api-{i}")["id"]
        root = a.get_resources(restApiId=api)["items"][0]["id"]
        r = a.create_resource(restApiId=api, parentId=root, pathPart="items")["id"]
        a.put_method(restApiId=api, resourceId=r, httpMethod="GET", authorizationType="NONE")
        a.put_integration(restApiId=api, resourceId=r, httpMethod="GET", type="MOCK")
        a.create_deployment(restApiId=api, stageName="prod")
        context.count("apigateway")
    clients("apigatewayv2").create_api(Name="http", ProtocolType="HTTP")


def cloudtrail(clients, context):
    clients("cloudtrail").create_trail(Name="trail", S3BucketName=f"data-{context.account}-0")
    context.count("cloudtrail")


def cloudwatch(clients, context):
    for i in range(context.scaled(5)):
        clients("logs").create_log_group(logGroupName=f"/app/{i}")
        clients("cloudwatch").put_metric_alarm(AlarmName=f"al-{i}", MetricName="CPU", Namespace="AWS/EC2", Period=60, EvaluationPeriods=1, Statistic="Average", Threshold=1, ComparisonOperator="GreaterThanThreshold")
        context.count("log_group")


def events(clients, context):
    for i in range(context.scaled(3)):
        clients("events").put_rule(Name=f"rule-{i}", ScheduleExpression="rate(5 minutes)")
        clients("events").put_targets(Rule=f"rule-{i}", Targets=[{"Id": "1", "Arn": f"arn:aws:lambda:{context.region}:{context.account}:function:fn-{i}"}])
        context.count("event_rule")


def misc(clients, context):
    clients("cognito-idp").create_user_pool(PoolName="pool")
    clients("cognito-identity").create_identity_pool(IdentityPoolName="idp", AllowUnauthenticatedIdentities=False)
    clients("guardduty").create_detector(Enable=True)
    clients("glue").create_job(Name="job", Role=context.made["roles"][0], Command={"Name": "glueetl", "ScriptLocation": "s3://x/y"})
    clients("ses").verify_email_identity(EmailAddress="a@example.test")
    clients("codebuild").create_project(name="proj", source={"type": "S3", "location": "b/k"}, artifacts={"type": "NO_ARTIFACTS"}, serviceRole=context.made["roles"][0],
                                  environment={"type": "LINUX_CONTAINER", "image": "x", "computeType": "BUILD_GENERAL1_SMALL"})


def cfn(clients, context):
    clients("cloudformation").create_stack(StackName="stack-0", TemplateBody=json.dumps(
        {"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"Q": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "cfn-q"}}}}))
    context.count("cfn_stack")


GLOBAL = {"route53": route53, "cloudfront": cloudfront}
REGIONAL = {"tgw": tgw, "elb": elb, "lambdas": lambdas, "ecr": ecr, "dynamodb": dynamodb, "sqs": sqs, "sns": sns, "secrets": secrets, "ssm": ssm, "rds": rds, "ecs": ecs, "eks": eks, "elasticache": elasticache, "redshift": redshift, "emr": emr, "efs": efs, "acm": acm, "apigw": apigw, "cloudtrail": cloudtrail, "cloudwatch": cloudwatch, "events": events, "misc": misc, "cfn": cfn}
