# As before September 2017: the provisioner on another host than the queue runner, and a Nix path for NixOps.
{
  tag = "hydra-provisioned-nixos-org";
  systemTypes.x86_64-linux = {
    nixopsExpr = ./nixops.nix;
    maxMachines = 24;
    runnablesPerMachine = 50;
    speedFactor = "2";
    sshKey = ./id_buildfarm;
  };
  systemTypes."x86_64-linux:kvm,nixos-test" = {
    maxMachines = 3;
    gracePeriod = 1800;
    stopOnIdle = true;
    spotPrice = 10;
  };
  sshCommand = "ssh -i /root/.ssh/id -o BatchMode=yes hydra-queue-runner@chef.example.org PGPASSFILE=/var/lib/hydra/pgpass-queue-runner hydra-queue-runner --status";
  updateCommand = [ "ssh" "root@chef.example.org" "cat > /var/lib/hydra/provisioned.machines.new && mv /var/lib/hydra/provisioned.machines.new /var/lib/hydra/provisioned.machines" ];
}
