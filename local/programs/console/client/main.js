/** The console's page: listens to what the farm says, and draws it. */
import { drawNow } from './now.js';
import { followPast, refreshPast } from './past.js';

let wasLost = false;

function listen() {
  // It comes back by itself when the connection breaks.
  const events = new EventSource('/events');
  events.addEventListener('message', ({ data }) => {
    drawNow(JSON.parse(data));
    if (wasLost) void refreshPast();
    wasLost = false;
  });
  events.addEventListener('error', () => {
    wasLost = true;
    const connection = document.getElementById('connection');
    connection.className = 'bad';
    connection.textContent =
      'The console does not answer; what is below is old. Trying again … If it was started anew, open the address that it prints.';
    // A browser gives up where the answer was a refusal.
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 3000);
  });
}

listen();
followPast();
