/*
 * The ledger's arithmetic where the live counters are. Each script is atomic over all windows of an account. State is
 * the JSON of `ledger/account.ts`, and what `ledger/counter.ts` explains is not explained again here: the same suites and
 * the same random schedules hold both to the same results. KEYS[1] is always the prefix of all keys:
 *
 *   {prefix}epoch               a random text, new after every loss of data
 *   {prefix}account:{name}      the account's state, with `seed`, the version of the stored account it was made from
 *   {prefix}reservation:{id}    account, process, slots, lapsed
 *   {prefix}process:{id}        the ids of the process's reservations
 *   {prefix}processes           processes by the end of their lease
 *   {prefix}journal:{process}   what the process did and may not have brought to the database yet (stream; ids are its
 *                               own numbers), for others to bring there when it dies
 */

/** Milliseconds; what is not used for so long is read from the database when it is needed again. */
const accountTtl = 3 * 24 * 3_600_000;
const reservationTtl = 2 * 24 * 3_600_000;
const lapsedTtl = 24 * 3_600_000;

const shared = `
local prefix = KEYS[1]
local skew = 60000
local bucketsPerSpan = 120

local function tidy(amount) return math.floor(amount * 1e9 + 0.5) / 1e9 end

local function accountKey(name) return prefix .. 'account:' .. name end
local function reservationKey(id) return prefix .. 'reservation:' .. id end
local function processKey(id) return prefix .. 'process:' .. id end

local function journal(process, number, kind, data)
  if number ~= '' then redis.call('XADD', prefix .. 'journal:' .. process, number .. '-1', kind, data) end
end

local function readState(name)
  local text = redis.call('GET', accountKey(name))
  if text then return cjson.decode(text), text end
  return nil
end

local function writeState(name, state)
  local text = cjson.encode(state)
  redis.call('SET', accountKey(name), text, 'PX', ${accountTtl})
  return text
end

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

const advance = `
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

/**
 * ARGV: request (JSON), process, end of its lease, a new epoch if there is none, number in the journal ('' when it is in the database already). Returns what became of it (`admitted`,
 * `refused`, or `unseeded` when the account is not here), the epoch, and the state (JSON).
 */
export const admitScript = `${shared}${advance}
local request = cjson.decode(ARGV[1])
local epoch = redis.call('GET', prefix .. 'epoch')
if not epoch then
  epoch = ARGV[4]
  redis.call('SET', prefix .. 'epoch', epoch)
end
local state, text = readState(request.account)
if not state then return { 'unseeded', epoch, '' } end
if redis.call('EXISTS', reservationKey(request.id)) == 1 then return { 'admitted', epoch, text } end

local moment = tick(state, request.now)
local fits = true
for _, window in ipairs(request.windows) do
  local counter = advance(state.windows[window.name], window.shape, moment)
  state.windows[window.name] = counter
  if window.limit ~= cjson.null then
    local used = usedOf(counter)
    if used >= window.limit or tidy(used + window.amount) > window.limit then fits = false end
  end
end
if request.concurrency ~= cjson.null and state.open >= request.concurrency then fits = false end
if not fits and not request.force then
  if moment.setBack then writeState(request.account, state) end
  return { 'refused', epoch, cjson.encode(state) }
end

local slots = {}
for _, window in ipairs(request.windows) do
  slots[window.name] = { count(state.windows[window.name], window.shape, window.amount, moment.ledger), window.amount }
end
state.open = state.open + 1
text = writeState(request.account, state)
local reservation = { account = request.account, process = ARGV[2], slots = slots, lapsed = false }
redis.call('SET', reservationKey(request.id), cjson.encode(reservation), 'PX', ${reservationTtl})
redis.call('SADD', processKey(ARGV[2]), request.id)
redis.call('ZADD', prefix .. 'processes', 'NX', ARGV[3], ARGV[2])
journal(ARGV[2], ARGV[5], 'admit', ARGV[1])
return { 'admitted', epoch, text }
`;

/** ARGV: id, process, number in its journal or '', then settlement (JSON), or nothing to give all back. Returns 1 when it was open. */
export const closeScript = `${shared}
local text = redis.call('GET', reservationKey(ARGV[1]))
if not text then return 0 end
local reservation = cjson.decode(text)
redis.call('DEL', reservationKey(ARGV[1]))
redis.call('SREM', processKey(reservation.process), ARGV[1])
journal(ARGV[2], ARGV[3], ARGV[4] and 'settle' or 'release', ARGV[4] or ARGV[1])
local state = readState(reservation.account)
if not state then return 1 end
local amounts = ARGV[4] and cjson.decode(ARGV[4]).amounts
if not reservation.lapsed then state.open = math.max(0, state.open - 1) end
for name, slot in pairs(reservation.slots) do
  local counted = reservation.lapsed and 0 or slot[2]
  local actual = amounts and (amounts[name] or slot[2]) or 0
  local counter = state.windows[name]
  if counter and actual ~= counted then correct(counter, slot[1], actual - counted) end
end
writeState(reservation.account, state)
return 1
`;

/** ARGV: account, state (JSON), end of lease, then id, process and reservation (JSON) of each open one. Returns 1 unless it is here already. */
export const seedScript = `${shared}
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
export const heartbeatScript = `${shared}
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
      local state = readState(reservation.account)
      if state then
        state.open = math.max(0, state.open - 1)
        for name, slot in pairs(reservation.slots) do
          local counter = state.windows[name]
          if counter then correct(counter, slot[1], -slot[2]) end
        end
        writeState(reservation.account, state)
      end
      released = released + 1
    end
  end
  if released >= limit then return released end
  redis.call('ZREM', prefix .. 'processes', process)
end
return released
`;

/** ARGV: now. Returns the processes whose lease is over. */
export const deadScript = `${shared}
return redis.call('ZRANGEBYSCORE', prefix .. 'processes', '-inf', '(' .. ARGV[1])
`;

/** ARGV: process, how many at most. Returns the oldest entries of its journal: id, kind and data of each, in one list. */
export const readJournalScript = `${shared}
local list = {}
for _, entry in ipairs(redis.call('XRANGE', prefix .. 'journal:' .. ARGV[1], '-', '+', 'COUNT', ARGV[2])) do
  list[#list + 1] = entry[1]
  list[#list + 1] = entry[2][1]
  list[#list + 1] = entry[2][2]
end
return list
`;

/** ARGV: process, number. The entries of its journal up to this one are in the database. */
export const trimJournalScript = `${shared}
redis.call('XTRIM', prefix .. 'journal:' .. ARGV[1], 'MINID', (ARGV[2] + 1) .. '-0')
if redis.call('XLEN', prefix .. 'journal:' .. ARGV[1]) == 0 then redis.call('DEL', prefix .. 'journal:' .. ARGV[1]) end
return 1
`;

/** ARGV: process. Ends its lease; what it left open is given back at once by the next heartbeat of another. */
export const leaveScript = `${shared}
if redis.call('EXISTS', processKey(ARGV[1])) == 1 then
  redis.call('ZADD', prefix .. 'processes', 0, ARGV[1])
else
  redis.call('ZREM', prefix .. 'processes', ARGV[1])
end
return 1
`;
