{# A large table that a night changes in part: only the rows of the keys that its inputs
   touched are made again, by the same SQL over fewer rows (docs/decisions/0009).

   config:
     key       columns by whose values rows are replaced
     at        time column: rows of a touched key before its `since` stay (optional)
     follows   large models it reads, `nightly` themselves, whose journals it goes by
     logs      columns of the journal that others go by (optional)
     hashed    column of the key that has a hash beside it (optional, see lookup_hash)
   night_of_<model>(), a macro in nights/, says whom a night concerns. Its steps end with all
   that the model must read so that the rows of `touched` come out as in a full build (tested
   night by night). It returns
     compares  {name: SQL of a small input}: seen whole, against the copy kept last time;
               differences are in changed_<name>, those of followed models in changed_<model>
     updates   {name: SQL}: the same input made from its copy, where that is cheaper (optional)
     steps     [(name, SQL)]: temporary tables in order, `touched` (key, since) among them;
               `gone_rows` (_row), the model's own rows of these keys, where it is known
     dated_by  the steps whose `since` say what is long ago, until the next of them; `touched`
               unless told
     reads     {relation: step}: what the model reads instead in a night

   What a table has seen lies in its comment and is written with its rows in one
   transaction, so that a kill anywhere leaves each table knowing its own. A table is built
   whole if it is new, if its code or DuckDB has changed, if a table it follows was built whole, if it
   is too far behind it, or if dbt is told --full-refresh. #}
{% materialization nightly, adapter="duckdb" %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target_relation = this.incorporate(type="table") -%}
    {%- if existing is not none and existing.type != "table" -%}
        {{ drop_relation_if_exists(existing) }}
    {%- endif -%}
    {%- set plan = context["night_of_" ~ this.name]() -%}
    {%- set known = nightly_states() -%}
    {%- set state = known.states.get(this.name) -%}
    {%- set reads = {} -%}
    {%- for name in config.get("follows", []) -%}
        {%- do reads.update({name: (known.states[name].batches | default([0]))[-1]}) -%}
    {%- endfor -%}
    {%- set code = local_md5(
        compiled_code ~ tojson(plan) ~ tojson(config.get("logs", [])) ~ known.version
    ) -%}
    {%- set is_whole = should_full_refresh() or not nightly_follows(state, known, plan, code) -%}
    {%- set started = (run_started_at.timestamp() * 1000000) | int -%}
    {%- set batches = [] if state is none else state.batches -%}
    {%- set batch = [started, (batches | last | default(0)) + 1] | max -%}
    {%- set kept = [batch] if is_whole else (batches + [batch])[-8:] -%}
    {%- call statement("main") -%}
        {{ nightly_whole(plan) if is_whole else nightly_night(plan, state, batch, kept) }}
        comment on table {{ target_relation }} is
            '{{ tojson({"code": code, "batches": kept, "reads": reads}) }}';
    {%- endcall -%}
    {{ adapter.commit() }}
    {{ return({"relations": [target_relation]}) }}
{% endmaterialization %}

{# What this model and those it follows say of themselves, and which journals there are. #}
{% macro nightly_states() %}
    {%- set found = run_query(
        "select table_name, schema_name = 'journal' as is_journal, comment from duckdb_tables()"
        ~ " where database_name = '" ~ this.database ~ "' and (schema_name = 'journal'"
        ~ " or comment like '{%')"
    ) -%}
    {%- set known = {
        "states": {}, "journals": [], "version": run_query("select version()").rows[0][0]
    } -%}
    {%- for row in found.rows -%}
        {%- if row[1] -%}
            {%- do known.journals.append(row[0]) -%}
        {%- else -%}
            {%- do known.states.update({row[0]: fromjson(row[2])}) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(known) }}
{% endmacro %}

{# Whether the table is what it was left as, and all that it goes by reaches back that far. #}
{% macro nightly_follows(state, known, plan, code) %}
    {%- if state is none or state is undefined or state.code != code -%}
        {{ return(false) }}
    {%- endif -%}
    {%- for name in config.get("follows", []) -%}
        {%- if state.reads[name] not in (known.states[name].batches | default([]))
            or name not in known.journals -%}
            {{ return(false) }}
        {%- endif -%}
    {%- endfor -%}
    {%- for name in plan.get("compares", {}) -%}
        {%- if this.name ~ "__" ~ name not in known.journals -%}{{ return(false) }}{%- endif -%}
    {%- endfor -%}
    {{ return(not config.get("logs") or this.name in known.journals) }}
{% endmacro %}

{% macro nightly_whole(plan) %}
    {#- in order of time, so that a night finds the last weeks together #}
    create or replace table {{ this }} as (
        select * from ({{ compiled_code }})
        {%- if config.get("at") %}
        order by {{ config.get("at") }}
        {%- endif %}
    );
    {%- for name, small in plan.get("compares", {}).items() %}
    create or replace table journal.{{ this.name }}__{{ name }} as ({{ small }});
    {%- endfor %}
    {%- if config.get("logs") %}
    create or replace table journal.{{ this.name }} as
    select
        {{ config.get("logs") | join(", ") }},
        {{ nightly_since() }} as since,
        false as is_gone,
        cast(0 as bigint) as batch
    from {{ this }}
    limit 0;
    {%- endif %}
{% endmacro %}

{% macro nightly_night(plan, state, batch, kept) %}
    {%- set sql = namespace(code=compiled_code) -%}
    {%- for relation, step in plan.reads.items() -%}
        {%- set sql.code = sql.code | replace(relation, step) -%}
    {%- endfor -%}
    {%- set key = config.get("key") -%}
    {%- for name in config.get("follows", []) %}
    create or replace temp table changed_{{ name }} as
    select * exclude (batch) from journal.{{ name }} where batch > {{ state.reads[name] }};
    {%- endfor %}
    {%- for name, small in plan.get("compares", {}).items() %}
    create or replace temp table now_{{ name }} as ({{ plan.get("updates", {}).get(name, small) }});
    create or replace temp table changed_{{ name }} as
    select *, false as is_gone from (from now_{{ name }} except all from journal.{{ this.name }}__{{ name }})
    union all
    select *, true as is_gone from (from journal.{{ this.name }}__{{ name }} except all from now_{{ name }});
    {%- endfor %}
    {%- set knows_gone = "gone_rows" in plan.steps | map("first") -%}
    {%- for step, rows in plan.steps %}
    create or replace temp table {{ step }} as ({{ rows }});
    {%- if step in plan.get("dated_by", ["touched"]) %}
    set variable recent = (select max(since) from {{ step }});
    set variable oldest = (
        select case when bool_and(since is not null) then min(since) else '-infinity' end from {{ step }}
    );
    {%- endif %}
    {%- endfor %}
    {%- set logged = (config.get("logs", []) + [nightly_since() ~ " as since"]) | join(", ") -%}
    {%- if knows_gone %}
    create or replace temp table gone as
    select {{ logged }} from {{ this }} where rowid in (select _row from gone_rows);
    {%- else %}
    create or replace temp table gone_rows as (
        {{ nightly_picked(
            this, "touched", key, config.get("at"), config.get("hashed"),
            columns="held._row, " ~ logged,
        ) }}
    );
    create or replace temp view gone as select * exclude (_row) from gone_rows;
    {%- endif %}
    create or replace temp table came as
    select made.* from ({{ sql.code }}) as made
    semi join touched on
        {%- for column in key %}
        made.{{ column }} = touched.{{ column }}{{ " and" if not loop.last }}
        {%- endfor %}
        {%- if config.get("at") %}
        and made.{{ config.get("at") }} >= coalesce(touched.since, '-infinity')
        {%- endif %};
    {%- if config.get("logs") %}
    insert into journal.{{ this.name }} by name
    select
        * replace (min(since) as since),
        {{ batch }} as batch
    from (
        select *, true as is_gone from gone
        union all by name
        select {{ logged }}, false as is_gone from came
    )
    group by all;
    delete from journal.{{ this.name }} where batch <= {{ kept[0] }};
    {%- endif %}
    delete from {{ this }} where rowid in (select _row from gone_rows);
    insert into {{ this }} by name select * from came;
    {%- for name in plan.get("compares", {}) %}
    create or replace table journal.{{ this.name }}__{{ name }} as from now_{{ name }};
    drop table now_{{ name }};
    {%- endfor %}
    drop table came;
    drop {{ "table" if knows_gone else "view" }} gone;
    drop table if exists gone_rows;
    {%- for step, _ in plan.steps if step != "gone_rows" %}
    drop table {{ step }};
    {%- endfor %}
{% endmacro %}

{% macro nightly_since() -%}
    {{ config.get("at") or config.get("logs_at") or "cast(null as timestamp)" }}
{%- endmacro %}

{# The rows of a large table (and its row ids, as _row) of the keys in `wanted`, at or after their
   `since` (null: all). Most of them are of late: the last weeks are read whole. What lies before
   is looked for as far back as one key reaches, by the hash of the key column `hashed` where
   the table keeps one. An empty side costs nothing. #}
{% macro nightly_picked(
    relation, wanted, key, at=none, hashed=none, recent_days=40, where="true",
    columns="held.* exclude (_row)"
) -%}
    {%- if at is none -%}
    {{ _nightly_found(relation, "from " ~ wanted, key, at, hashed, where, columns) }}
    {%- else -%}
    {%- set bound -%}
    coalesce(getvariable('recent') - interval {{ recent_days }} day, timestamp 'infinity')
    {%- endset -%}
    {{ _nightly_found(
        relation, "from " ~ wanted, key, at, none,
        "held." ~ at ~ " >= " ~ bound ~ " and " ~ where, columns,
    ) }}
    union all
    {{ _nightly_found(
        relation, "from " ~ wanted ~ " where coalesce(since < " ~ bound ~ ", true)", key, at, hashed,
        "held." ~ at ~ " < " ~ bound ~ " and held." ~ at ~ " >= getvariable('oldest') and " ~ where,
        columns,
    ) }}
    {%- endif -%}
{%- endmacro %}

{# By the hash first, then the rows by their ids, for which DuckDB reads the blocks of these only,
   and the text last: nearer to the table, it would be read of every row. #}
{% macro _nightly_found(relation, wanted, key, at, hashed, where, columns) -%}
    (
        with near as {{ "materialized" if hashed else "not materialized" }} (
            select
                held.*,
                held.rowid as _row
            from {{ relation }} as held
            where
                {{ where }}
                {%- if hashed %}
                and held.rowid in (
                    select held.rowid from {{ relation }} as held
                    where
                        {{ where }}
                        and held.{{ hashed }}_hash in (
                            select {{ lookup_hash(hashed) }} from ({{ wanted }})
                        )
                )
                {%- endif %}
        )

        select {{ columns }}
        from near as held
        semi join ({{ wanted }}) as wanted
            on
            {%- for column in key %}
                held.{{ column }} = wanted.{{ column }}{{ " and" if not loop.last }}
            {%- endfor %}
            {%- if at %}
                and held.{{ at }} >= coalesce(wanted.since, '-infinity')
            {%- endif %}
    )
{%- endmacro %}

{# Eight bytes beside a text key, named <key>_hash: to look for few among very many by the text
   costs four times as much. Two texts may share one, so whatever it finds is compared by the text.
   Another DuckDB may hash otherwise; nightly tables are then built whole. #}
{% macro lookup_hash(text) -%}
    hash({{ text }})
{%- endmacro %}
