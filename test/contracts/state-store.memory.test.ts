import { MemoryStateStore } from '../../local/world/ports/memory-state-store.ts';
import { stateStoreContract } from './state-store.contract.ts';

stateStoreContract('in memory', () => {
  const store = new MemoryStateStore();
  return Promise.resolve({
    store,
    heard: (instanceId) => Promise.resolve(store.heard(instanceId)),
    plant: (key, fields) => Promise.resolve(store.plant(key, fields)),
  });
});
