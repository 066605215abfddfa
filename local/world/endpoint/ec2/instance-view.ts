/** Instances as EC2 shows them. */
import type { Instance, InstanceState, InstanceStateName, Reservation } from '@aws-sdk/client-ec2';
import type { RegionInstance } from '../../region/instance.ts';
import type { Tags } from '../../region/launch-parameters.ts';
import type { Region } from '../../region/region.ts';
import { toDate } from '../action.ts';

const STATE_CODES: Readonly<Record<RegionInstance['state'], number>> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

export const stateView = (state: InstanceStateName & RegionInstance['state']): InstanceState => ({
  Code: STATE_CODES[state],
  Name: state,
});

export const tagList = (tags: Tags): { Key: string; Value: string }[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** What an instance keeps to its end, gone once it is terminated. */
function placeView(instance: RegionInstance, region: Region): Partial<Instance> {
  if (instance.state === 'terminated')
    return { SecurityGroups: [], NetworkInterfaces: [], BlockDeviceMappings: [] };
  const groups = (instance.parameters.securityGroupIds ?? [region.network.securityGroupId]).map((id) => ({
    GroupId: id,
    GroupName: 'default',
  }));
  return {
    PrivateIpAddress: instance.address,
    SubnetId: instance.subnet.subnetId,
    VpcId: instance.subnet.vpcId,
    SecurityGroups: groups,
    NetworkInterfaces: [
      {
        NetworkInterfaceId: instance.networkInterfaceId,
        SubnetId: instance.subnet.subnetId,
        VpcId: instance.subnet.vpcId,
        PrivateIpAddress: instance.address,
        Status: 'in-use',
        Groups: groups,
        Attachment: {
          AttachTime: toDate(instance.firstLaunchedAt),
          DeleteOnTermination: true,
          DeviceIndex: 0,
          Status: 'attached',
        },
      },
    ],
    BlockDeviceMappings: [
      {
        DeviceName: '/dev/xvda',
        Ebs: {
          VolumeId: instance.volumeId,
          Status: 'attached',
          AttachTime: toDate(instance.firstLaunchedAt),
          DeleteOnTermination: true,
        },
      },
    ],
  };
}

export function instanceView(instance: RegionInstance, region: Region): Instance {
  const { parameters, type, image, market } = instance;
  const isUp = instance.state !== 'terminated';
  return {
    InstanceId: instance.instanceId,
    ImageId: image.imageId,
    InstanceType: type.name as NonNullable<Instance['InstanceType']>,
    State: stateView(instance.state),
    StateTransitionReason: instance.transitionReason,
    ...(instance.stateReason && {
      StateReason: { Code: instance.stateReason.code, Message: instance.stateReason.message },
    }),
    AmiLaunchIndex: instance.launchIndex,
    LaunchTime: toDate(instance.startedAt),
    Placement: { AvailabilityZone: instance.subnet.zone, Tenancy: 'default', GroupName: '' },
    Architecture: type.architecture,
    PlatformDetails: 'Linux/UNIX',
    UsageOperation: 'RunInstances',
    Monitoring: { State: 'disabled' },
    PrivateDnsName: isUp ? `ip-${instance.address.replaceAll('.', '-')}.ec2.internal` : '',
    PublicDnsName: '',
    RootDeviceName: '/dev/xvda',
    RootDeviceType: 'ebs',
    VirtualizationType: 'hvm',
    Hypervisor: 'xen',
    EbsOptimized: false,
    EnaSupport: true,
    SourceDestCheck: true,
    ProductCodes: [],
    ...(instance.clientToken !== undefined && { ClientToken: instance.clientToken }),
    ...(parameters.keyName !== undefined && { KeyName: parameters.keyName }),
    ...(market === 'spot' && { InstanceLifecycle: 'spot', SpotInstanceRequestId: instance.spotRequestId }),
    MetadataOptions: metadataView(parameters.metadataOptions),
    Tags: tagList(instance.tags),
    ...placeView(instance, region),
  };
}

function metadataView(options: RegionInstance['parameters']['metadataOptions']): Instance['MetadataOptions'] {
  const view = {
    State: 'applied',
    HttpTokens: 'optional',
    HttpPutResponseHopLimit: 1,
    HttpEndpoint: 'enabled',
    HttpProtocolIpv6: 'disabled',
    InstanceMetadataTags: 'disabled',
    ...options,
  };
  return view as NonNullable<Instance['MetadataOptions']>;
}

/** Instances grouped by the launch they came from. */
export function reservationViews(instances: readonly RegionInstance[], region: Region): Reservation[] {
  return [...Map.groupBy(instances, ({ reservationId }) => reservationId)].map(
    ([ReservationId, members]) => ({
      ReservationId,
      OwnerId: region.settings.accountId,
      Groups: [],
      Instances: members.map((instance) => instanceView(instance, region)),
    }),
  );
}
