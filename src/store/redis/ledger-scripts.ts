/*
 * The ledger's arithmetic where the live counters are. Each script is atomic over all windows of an account. State is
 * the JSON of `ledger/account.ts`, and what `ledger/counter.ts` explains is not explained again here: the same suites and
 * the same random schedules hold both to the same results. KEYS[1] is always the prefix of all keys:
 *
 *   {prefix}epoch               a random text, new after every loss of data
 *   {prefix}account:{name}      the account's state, with `seed`, the version of the stored account it was made from
 *   {prefix}reservation:{id}    account, process, slots, concurrent, lapsed
 *   {prefix}process:{id}        the ids of the process's reservations
 *   {prefix}processes           processes by the end of their lease
 *   {prefix}journal:{process}   what the process did and may not have brought to the database yet (stream; ids are its
 *                               own numbers), for others to bring there when it dies
 */

/** Milliseconds; what is not used for so long is read from the database when it is needed again. */
const accountTtl = 3 * 24 * 3_600_000;
const reservationTtl = 2 * 24 * 3_600_000;
const lapsedTtl = 24 * 3_600_000;

/** Keys, and accounts read once and written once per script. */
const store = `
local prefix = KEYS[1]
local function accountKey(name) return prefix .. 'account:' .. name end
local function reservationKey(id) return prefix .. 'reservation:' .. id end
local function processKey(id) return prefix .. 'process:' .. id end
local function journalKey(id) return prefix .. 'journal:' .. id end

local accounts, changed = {}, {}
local function account(name)
  if accounts[name] == nil then
    local text = redis.call('GET', accountKey(name))
    accounts[name] = text and cjson.decode(text) or false
  end
  return accounts[name]
end
local function writeAccounts()
  for name in pairs(changed) do
    redis.call('SET', accountKey(name), cjson.encode(accounts[name]), 'PX', ${accountTtl})
  end
end
`;

/** ledger/counter.ts: what a reservation needs when it ends. */
const correcting = `
local function addToBucket(counter, bucket, amount)
  local at = bucket % #counter.counts + 1
  local before = counter.counts[at]
  local after = math.max(0, before + amount)
  counter.counts[at] = after
  counter.total = counter.total + after - before
end

local function correct(counter, slot, difference)
  if counter.kind == 'rolling' then
    if slot <= counter.latest and slot > counter.latest - #counter.counts then addToBucket(counter, slot, difference) end
  elseif counter.sequence == slot then
    counter.used = math.max(0, counter.used + difference)
  end
end
`;

/** ledger/counter.ts: what a request needs. */
const counting = `
local skew = 60000
local bucketsPerSpan = 120

local function tidy(amount) return math.floor(amount * 1e9 + 0.5) / 1e9 end

local function advanceRolling(counter, span, now)
  local bucketMs = math.ceil(span / bucketsPerSpan)
  local index = math.floor(now / bucketMs)
  if not counter or counter.kind ~= 'rolling' or counter.bucketMs ~= bucketMs then
    local counts = {}
    for at = 1, bucketsPerSpan + 1 do counts[at] = 0 end
    return { kind = 'rolling', bucketMs = bucketMs, latest = index, total = 0, counts = counts }
  end
  local length = #counter.counts
  for bucket = math.max(counter.latest + 1, index - length + 1), index do
    local at = bucket % length + 1
    counter.total = counter.total - counter.counts[at]
    counter.counts[at] = 0
  end
  counter.latest = math.max(counter.latest, index)
  return counter
end

local function advancePeriod(counter, shape, moment)
  if shape.startMs > counter.start then
    counter.sequence = counter.sequence + 1
    counter.used = 0
  elseif shape.startMs < counter.start then
    if counter.start - moment.wall <= skew then return counter end
    moment.setBack = true
  end
  counter.start = shape.startMs
  counter['end'] = shape.endMs
  return counter
end

local function advanceFirstUse(counter, now)
  if now >= counter['end'] and (counter.used ~= 0 or counter.start ~= 0) then
    return { kind = 'period', sequence = counter.sequence + 1, start = 0, ['end'] = 0, used = 0 }
  end
  return counter
end

local function advance(counter, shape, moment)
  if shape.kind == 'rolling' then return advanceRolling(counter, shape.spanMs, moment.ledger) end
  if not counter or counter.kind ~= 'period' then
    counter = { kind = 'period', sequence = 0, start = 0, ['end'] = 0, used = 0 }
  end
  if shape.kind == 'period' then return advancePeriod(counter, shape, moment) end
  return advanceFirstUse(counter, moment.ledger)
end

local function tick(state, wall)
  local setBack = state.clock - wall - state.offset > skew
  if wall >= state.clock then
    state.offset = 0
    state.clock = wall
  elseif wall + state.offset >= state.clock then
    state.clock = wall + state.offset
  elseif setBack then
    state.offset = state.clock - wall
  end
  return { ledger = state.clock, wall = wall, setBack = setBack }
end

local function usedOf(counter)
  if counter.kind == 'rolling' then return tidy(counter.total) end
  return tidy(counter.used)
end

local function leavesAt(counter, needed)
  local length, freed = #counter.counts, 0
  for bucket = math.max(0, counter.latest - length + 1), counter.latest do
    local amount = counter.counts[bucket % length + 1]
    freed = freed + amount
    if amount > 0 and tidy(freed) >= needed then return (bucket + length) * counter.bucketMs end
  end
  return (counter.latest + length) * counter.bucketMs
end

local function resetsAt(counter)
  if counter.kind == 'period' then return counter['end'] > 0 and counter['end'] or cjson.null end
  return usedOf(counter) > 0 and leavesAt(counter, 0) or cjson.null
end

local function opensAt(counter, needed)
  return counter.kind == 'period' and counter['end'] or leavesAt(counter, needed)
end

local function count(counter, shape, amount, now)
  if counter.kind == 'rolling' then
    addToBucket(counter, counter.latest, amount)
    return counter.latest
  end
  if shape.kind == 'first-use' and counter['end'] == 0 then
    counter.start = now
    counter['end'] = now + shape.spanMs
  end
  counter.used = counter.used + amount
  return counter.sequence
end
`;

/** ledger/account.ts. A reply to a request is { decision, the used and reset time of each window, refusal }. */
const deciding = `
local function wallTime(window, time, offset)
  if time == cjson.null or window.shape.kind == 'period' then return time end
  return time - offset
end

local function refusalOf(state, request)
  local refusal
  for _, window in ipairs(request.windows) do
    local counter = state.windows[window.name]
    local used = usedOf(counter)
    if window.limit ~= cjson.null and (used >= window.limit or tidy(used + window.amount) > window.limit) then
      local opens = wallTime(window, opensAt(counter, tidy(used + window.amount - window.limit)), state.offset)
      if not refusal or opens > refusal.opensAt then refusal = { reason = 'window', window = window.name, opensAt = opens } end
    end
  end
  if not refusal and request.concurrency ~= cjson.null and state.open >= request.concurrency then
    return { reason = 'concurrency' }
  end
  return refusal
end

local function answer(decision, state, request, refusal)
  local windows = {}
  for place, window in ipairs(request.windows) do
    local counter = state.windows[window.name]
    windows[place] = { usedOf(counter), wallTime(window, resetsAt(counter), state.offset) }
  end
  return cjson.encode({ decision = decision, windows = windows, refusal = refusal })
end

local function admit(request, process, lease, text)
  local state = account(request.account)
  if not state then return '{"decision":"unseeded"}' end
  local moment = tick(state, request.now)
  for _, window in ipairs(request.windows) do
    state.windows[window.name] = advance(state.windows[window.name], window.shape, moment)
  end
  if redis.call('EXISTS', reservationKey(request.id)) == 1 then return answer('admitted', state, request) end
  local refusal = not request.force and refusalOf(state, request)
  if refusal then
    if moment.setBack then changed[request.account] = true end
    return answer('refused', state, request, refusal)
  end
  local slots = {}
  for _, window in ipairs(request.windows) do
    local slot = count(state.windows[window.name], window.shape, window.amount, moment.ledger)
    slots[window.name] = { slot, window.amount }
  end
  local concurrent = request.concurrency ~= cjson.null
  if concurrent then state.open = state.open + 1 end
  changed[request.account] = true
  local reservation = { account = request.account, process = process, slots = slots, concurrent = concurrent, lapsed = false }
  redis.call('SET', reservationKey(request.id), cjson.encode(reservation), 'PX', ${reservationTtl})
  redis.call('SADD', processKey(process), request.id)
  redis.call('ZADD', prefix .. 'processes', 'NX', lease, process)
  return answer('admitted', state, request), true
end

local function correctAll(state, reservation, differences)
  for name, difference in pairs(differences) do
    local counter = state.windows[name]
    if counter then correct(counter, reservation.slots[name][1], difference) end
  end
  changed[reservation.account] = true
end

local function close(id, amounts)
  local text = redis.call('GET', reservationKey(id))
  if not text then return '{"closed":false}' end
  local reservation = cjson.decode(text)
  redis.call('DEL', reservationKey(id))
  redis.call('SREM', processKey(reservation.process), id)
  local frees = reservation.concurrent and not reservation.lapsed
  local differences, differs = {}, false
  for name, slot in pairs(reservation.slots) do
    local counted = reservation.lapsed and (slot[3] or 0) or slot[2]
    local actual = amounts and (amounts[name] or slot[2]) or 0
    if actual ~= counted then differences[name], differs = actual - counted, true end
  end
  -- The usual call counts what it reserved: then the account is neither read nor written.
  local state = (frees or differs) and account(reservation.account)
  if state then
    if frees then state.open = math.max(0, state.open - 1) end
    correctAll(state, reservation, differences)
  end
  return '{"closed":true}', true
end

local function progress(id, used, open)
  local text = redis.call('GET', reservationKey(id))
  if not text then return '{"closed":false}' end
  local reservation = cjson.decode(text)
  local differences, differs = {}, false
  for name, slot in pairs(reservation.slots) do
    local before = slot[3] or 0
    local now = used[name] or before
    if now >= before then
      local amount = used[name] and tidy(now + (open[name] or 0)) or slot[2]
      local difference = reservation.lapsed and now - before or amount - slot[2]
      if difference ~= 0 then differences[name], differs = difference, true end
      slot[2], slot[3] = amount, now
    end
  end
  redis.call('SET', reservationKey(id), cjson.encode(reservation), 'KEEPTTL')
  local state = differs and account(reservation.account)
  if state then correctAll(state, reservation, differences) end
  return '{"closed":true}', true
end
`;

/**
 * ARGV: process, end of its lease, a new epoch if there is none, then jobs (JSON). A job has its `number` in the journal
 * unless it is in the database already. Returns the epoch and the reply to each job (JSON).
 */
export const applyScript = `${store}${correcting}${counting}${deciding}
local epoch = redis.call('GET', prefix .. 'epoch')
if not epoch then
  epoch = ARGV[3]
  redis.call('SET', prefix .. 'epoch', epoch)
end
local replies = { epoch }
for at = 4, #ARGV do
  local entry = cjson.decode(ARGV[at])
  local job = entry.job
  local reply, done
  if job.kind == 'admit' then reply, done = admit(job.request, ARGV[1], ARGV[2])
  elseif job.kind == 'settle' then reply, done = close(job.settlement.id, job.settlement.amounts)
  elseif job.kind == 'progress' then reply, done = progress(job.id, job.progress.used, job.progress.open)
  else reply, done = close(job.id) end
  if done and entry.number then redis.call('XADD', journalKey(ARGV[1]), entry.number .. '-1', 'entry', ARGV[at]) end
  replies[#replies + 1] = reply
end
writeAccounts()
return replies
`;

/** ARGV: account, state (JSON), end of lease, then id, process and reservation (JSON) of each open one. Returns 1 unless it is here already. */
export const seedScript = `${store}
if redis.call('EXISTS', accountKey(ARGV[1])) == 1 then return 0 end
redis.call('SET', accountKey(ARGV[1]), ARGV[2], 'PX', ${accountTtl})
for at = 4, #ARGV, 3 do
  redis.call('SET', reservationKey(ARGV[at]), ARGV[at + 2], 'PX', ${reservationTtl})
  redis.call('SADD', processKey(ARGV[at + 1]), ARGV[at])
  redis.call('ZADD', prefix .. 'processes', 'NX', ARGV[3], ARGV[at + 1])
end
return 1
`;

/**
 * ARGV: own process, end of its lease, now, how many at most. Prolongs the lease and gives back the reservations of
 * processes whose lease is over; returns how many.
 */
export const heartbeatScript = `${store}${correcting}
redis.call('ZADD', prefix .. 'processes', ARGV[2], ARGV[1])
local limit = tonumber(ARGV[4])
local released = 0
for _, process in ipairs(redis.call('ZRANGEBYSCORE', prefix .. 'processes', '-inf', '(' .. ARGV[3])) do
  for _, id in ipairs(redis.call('SRANDMEMBER', processKey(process), limit - released)) do
    redis.call('SREM', processKey(process), id)
    local text = redis.call('GET', reservationKey(id))
    if text then
      local reservation = cjson.decode(text)
      reservation.lapsed = true
      redis.call('SET', reservationKey(id), cjson.encode(reservation), 'PX', ${lapsedTtl})
      local state = account(reservation.account)
      if state then
        if reservation.concurrent then state.open = math.max(0, state.open - 1) end
        for name, slot in pairs(reservation.slots) do
          local counter = state.windows[name]
          if counter then correct(counter, slot[1], (slot[3] or 0) - slot[2]) end
        end
        changed[reservation.account] = true
      end
      released = released + 1
    end
  end
  if released >= limit then break end
  redis.call('ZREM', prefix .. 'processes', process)
end
writeAccounts()
return released
`;

/** ARGV: now. Returns the processes whose lease is over. */
export const deadScript = `${store}
return redis.call('ZRANGEBYSCORE', prefix .. 'processes', '-inf', '(' .. ARGV[1])
`;

/** ARGV: process, how many at most. Returns the oldest entries of its journal (JSON). */
export const readJournalScript = `${store}
local list = {}
for _, entry in ipairs(redis.call('XRANGE', journalKey(ARGV[1]), '-', '+', 'COUNT', ARGV[2])) do
  list[#list + 1] = entry[2][2]
end
return list
`;

/** ARGV: process, number. The entries of its journal up to this one are in the database. */
export const trimJournalScript = `${store}
redis.call('XTRIM', journalKey(ARGV[1]), 'MINID', (ARGV[2] + 1) .. '-0')
return 1
`;

/** ARGV: process. Ends its lease; what it left open is given back at once by the next heartbeat of another. */
export const leaveScript = `${store}
if redis.call('EXISTS', processKey(ARGV[1])) == 1 then
  redis.call('ZADD', prefix .. 'processes', 0, ARGV[1])
else
  redis.call('ZREM', prefix .. 'processes', ARGV[1])
end
redis.call('DEL', journalKey(ARGV[1]))
return 1
`;
