-- The steps of the last two weeks, for "npm run advise -- --steps", as psql --csv prints them.
--
-- Hydra's database does not know when a step could have started. It is taken to be when the last step of its build
-- before it was done, or when the build was queued, whichever was later. What it has taken on a slot is from its start
-- to its end, with what was copied. Steps that failed or were tried again have taken their time as well.
select
  least(
    s.startTime,
    greatest(
      b.timestamp,
      coalesce(
        (select max(p.stopTime) from BuildSteps p where p.build = s.build and p.propagatedFrom is null and p.stopTime <= s.startTime),
        0
      )
    )
  ) as arrival_s,
  s.system as system,
  greatest(1, s.stopTime - s.startTime) as duration_s
from BuildSteps s
join Builds b on b.id = s.build
where s.type = 0                  -- a build, not a substitution
  and s.busy = 0
  and s.machine <> ''             -- it has been somewhere; only then is there a time
  and s.system is not null
  and s.propagatedFrom is null    -- else it is the failure of a step that stands elsewhere
  and s.startTime is not null
  and s.stopTime is not null      -- Hydra has an index for these two
  and s.stopTime > extract(epoch from now())::integer - 14 * 86400
order by 1;
