-- Roles for a gallery in PostgreSQL (facectl-postgres(5)). Run it as the owner of the schema facectl, who may create roles, after
-- 'facectl gallery init':  psql -f postgres-roles.sql DATABASE
-- Then make roles of persons and machines members:  GRANT facectl_enroller TO door1;
DO $$
BEGIN
	IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'facectl_reader') THEN
		CREATE ROLE facectl_reader NOLOGIN;
	END IF;
	IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'facectl_enroller') THEN
		CREATE ROLE facectl_enroller NOLOGIN;
	END IF;
END $$;
REVOKE ALL ON SCHEMA facectl FROM PUBLIC;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA facectl FROM PUBLIC;
GRANT USAGE ON SCHEMA facectl TO facectl_reader, facectl_enroller;
GRANT SELECT ON ALL TABLES IN SCHEMA facectl TO facectl_reader;
GRANT SELECT ON ALL SEQUENCES IN SCHEMA facectl TO facectl_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA facectl TO facectl_enroller;
GRANT SELECT, USAGE ON ALL SEQUENCES IN SCHEMA facectl TO facectl_enroller;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA facectl TO facectl_enroller;
