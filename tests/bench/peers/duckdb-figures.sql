select sessions, treated, outcomes, tokens, (select count(*) + 3 from vocabulary) as vocabulary, eventIds, itemIds, minutes
from (select count(*) as sessions, sum(treatment) as treated, sum(outcome) as outcomes from training),
     (select count(*) as tokens, sum(token.event) as eventIds, sum(token.item) as itemIds, sum(token.minutes) as minutes
      from (select unnest(x) as token from training));
